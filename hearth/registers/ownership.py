"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("registers.Incident.reported_by", "who reported the incident")
register_mark("registers.Incident.handler", "who handles the incident; anybody with the right may go on")
register_mark("registers.IncidentStep.user", "who took the step")
register_mark("registers.AccessSearch.made_by", "who searched the access log")
register_mark("registers.AccessSearch.user", "whose reading was searched for")
