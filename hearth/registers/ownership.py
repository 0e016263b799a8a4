"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("registers.Incident.reported_by", "who reported the incident")
register_mark("registers.Incident.handler", "who handles the incident; anybody with the right may go on")
register_mark("registers.IncidentStep.user", "who took the step")
register_mark("registers.AccessSearch.made_by", "who searched the access log")
register_mark("registers.AccessSearch.user", "whose reading was searched for")
register_mark("registers.Assessment.owner", "who reviews the assessment; anybody with the right may go on")
register_mark("registers.Assessment.author", "who began the version")
register_mark("registers.Assessment.editor", "who changed the version last")
register_mark("registers.Assessment.approved_by", "who approved the version")
register_mark("registers.Processor.owner", "who answers for the company; anybody with the right may go on")
register_mark("registers.ProcessorVisit.user", "who noted the visit")
register_mark("registers.ComplianceAudit.user", "who put the audit on record")
register_mark("registers.NoticeLetter.author", "who began the letter")
register_mark("registers.NoticeLetter.editor", "who changed the letter last")
register_mark("registers.NoticeLetter.approved_by", "who approved the letter")
