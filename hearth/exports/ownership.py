"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("exports.Export.decided_by", "who approved or refused the file")
register_mark("exports.Export.created_by", "who asked for the file, with whose rights it was written")
