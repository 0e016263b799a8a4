"""Acts of watching over who reads what."""

from hearth.vigilance.services.alarms import close_alarm, examine_alarm
from hearth.vigilance.services.canaries import lift_canary, plant_canary
from hearth.vigilance.services.judging import judge_reading
from hearth.vigilance.services.raising import raise_alarm
from hearth.vigilance.services.reading import forget_reads, note_read
from hearth.vigilance.services.rules import RuleTerms, change_rule, sync_rules
from hearth.vigilance.services.sealing import seal_reads, verify_reads

__all__ = [
    "RuleTerms",
    "change_rule",
    "close_alarm",
    "examine_alarm",
    "forget_reads",
    "judge_reading",
    "lift_canary",
    "note_read",
    "plant_canary",
    "raise_alarm",
    "seal_reads",
    "sync_rules",
    "verify_reads",
]
