# domain data
"""Words that people and programs write for yes and no."""

YES = frozenset({"yes", "true", "1", "on", "是"})
NO = frozenset({"no", "false", "0", "off", "否"})
