"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("imports.ImportJob.created_by", "who gave the file")
register_mark("imports.ImportSource.set_up_by", "whose rights the pick-up uses, until somebody else saves it")
register_mark("imports.RememberedMapping.changed_by", "who last chose the columns")
