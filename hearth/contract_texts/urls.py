"""Addresses of texts and templates of contracts."""

from django.urls import path

from hearth.contract_texts.views import readings, templates, texts, wordings

app_name = "contract_texts"
urlpatterns = [
    path("", texts.text_list, name="texts"),
    path("<uuid:text_id>/", texts.text, name="text"),
    path("<uuid:text_id>/pdf/", texts.pdf, name="pdf"),
    path("<uuid:text_id>/clauses/", texts.add_clause, name="add_clause"),
    path("<uuid:text_id>/submit/", texts.submit, name="submit"),
    path("<uuid:text_id>/approve/", texts.approve, name="approve"),
    path("<uuid:text_id>/return/", texts.send_back, name="return"),
    path("<uuid:text_id>/give/", texts.give, name="give"),
    path("<uuid:text_id>/sign/", texts.sign, name="sign"),
    path("clauses/<uuid:clause_id>/", texts.clause, name="clause"),
    path("readings/<uuid:reading_id>/", readings.desk, name="desk"),
    path("of/<uuid:contract_id>/", texts.of_contract, name="of_contract"),
    path("of/<uuid:contract_id>/draft/<slug:kind>/", texts.draft, name="draft"),
    path("templates/", templates.template_list, name="templates"),
    path("templates/new/", templates.new_template, name="new_template"),
    path("templates/<uuid:template_id>/", templates.template, name="template"),
    path("templates/<uuid:template_id>/clauses/", templates.add_clause, name="add_template_clause"),
    path("templates/<uuid:template_id>/submit/", templates.submit, name="submit_template"),
    path("templates/<uuid:template_id>/approve/", templates.approve, name="approve_template"),
    path("templates/<uuid:template_id>/return/", templates.send_back, name="return_template"),
    path("templates/clauses/<uuid:clause_id>/", templates.clause, name="template_clause"),
    path("templates/clauses/<uuid:clause_id>/remove/", templates.remove, name="remove_template_clause"),
    path("wordings/", wordings.wording_list, name="wordings"),
    path("wordings/<uuid:wording_id>/allow/", wordings.allow, name="allow_words"),
]
