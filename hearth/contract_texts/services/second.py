"""Two persons stand behind templates and behind what departs from them."""

from hearth.contract_texts.permissions import APPROVE_TEXT, CHANGE_TEXT, KEEP_TEMPLATES
from hearth.core.second_person import SecondPerson

OF_TEMPLATES = SecondPerson(KEEP_TEMPLATES, APPROVE_TEXT)
OF_TEXTS = SecondPerson(CHANGE_TEXT, APPROVE_TEXT)
