# domain data
"""What a row of a file of customers may say, and the words people use for it."""

from django.utils.translation import gettext_lazy as _

from hearth.custom_fields.importing import CUSTOM_MESSAGES
from hearth.imports.kinds import ImportField, ImportOption

KIND_WORDS = {"person": ("个人", "自然人", "person"), "company": ("企业", "公司", "单位", "法人", "company")}
SEX_WORDS = {"female": ("女", "女士", "f", "female"), "male": ("男", "先生", "m", "male")}
SOURCE_WORDS = {
    "walk_in": ("来访", "自然到访", "walk-in"),
    "call": ("来电", "电话", "call"),
    "web": ("网络", "线上", "官网", "web"),
    "broker": ("中介", "渠道", "分销", "broker"),
    "referral": ("老带新", "推荐", "转介", "referral"),
    "event": ("活动", "event"),
    "import": ("导入", "import"),
    "api": ("接口", "api"),
}
HOUSEHOLD_ROLE_WORDS = {
    "head": ("户主", "本人", "head"),
    "spouse": ("配偶", "妻子", "丈夫", "spouse"),
    "child": ("子女", "儿子", "女儿", "child"),
    "parent": ("父母", "父亲", "母亲", "parent"),
    "other": ("其他", "其它", "other"),
}

FIELDS = (
    ImportField(
        "external_key",
        _("Customer key"),
        "key",
        aliases=("客户编号", "客户号", "客户ID", "customer", "customer id", "customer key"),
        max_length=60,
    ),
    ImportField(
        "name",
        _("Name"),
        is_required=True,
        aliases=("姓名", "客户姓名", "客户名称", "名称", "业主姓名", "name", "customer name"),
        max_length=120,
    ),
    ImportField("kind", _("Kind"), "choice", aliases=("客户类型", "类型", "性质"), choices=KIND_WORDS),
    ImportField("sex", _("Sex"), "choice", aliases=("性别", "gender"), choices=SEX_WORDS),
    ImportField(
        "phones",
        _("Phones"),
        "phones",
        aliases=("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "phone", "mobile"),
    ),
    ImportField("email", _("E-mail"), "email", aliases=("邮箱", "电子邮箱", "电子邮件", "e-mail", "mail")),
    ImportField(
        "address",
        _("Address"),
        aliases=("地址", "联系地址", "通讯地址", "家庭住址", "address"),
        max_length=300,
    ),
    ImportField(
        "identity_number",
        _("Identity number"),
        "identity",
        aliases=("身份证", "身份证号", "身份证号码", "证件号码", "证件号", "id number"),
    ),
    ImportField("birth_date", _("Date of birth"), "date", aliases=("出生日期", "生日", "birthday")),
    ImportField(
        "source",
        _("Source"),
        "choice",
        aliases=("来源", "客户来源", "获客渠道", "认知途径"),
        choices=SOURCE_WORDS,
    ),
    ImportField(
        "household",
        _("Household"),
        "key",
        aliases=("家庭编号", "户号", "家庭", "household key"),
        max_length=60,
    ),
    ImportField(
        "household_role",
        _("Role in the household"),
        "choice",
        aliases=("家庭角色", "与户主关系", "家庭关系"),
        choices=HOUSEHOLD_ROLE_WORDS,
    ),
    ImportField(
        "known_since",
        _("Known since"),
        "instant",
        aliases=("创建时间", "登记日期", "建档日期", "首次接触时间", "created", "created at"),
    ),
    ImportField("note", _("Remark"), aliases=("备注", "说明", "remark"), max_length=2_000),
)

UPDATE_KNOWN = ImportOption("update_known", _("Update customers that have the same key"))
FIRST_ROW_COUNTS = ImportOption(
    "first_row_counts", _("Where a customer key stands in several rows, the first one counts")
)
LINK_KNOWN = ImportOption(
    "link_known",
    _(
        "Where an identity number is recorded at another company of the group, link that customer to this place"
    ),
)

MESSAGES = {
    "name_missing": _("Give a name."),
    "invalid_phone": _("“%(value)s” is no phone number."),
    "invalid_email": _("“%(value)s” is no e-mail address."),
    "invalid_identity": _("The identity number is not valid: one of its characters is wrong or missing."),
    "doubled_in_file": _("“%(value)s” stands in row %(first_row)s already."),
    "identity_doubled": _("The same identity number stands in row %(row)s."),
    "identity_known": _("A customer with this identity number is already recorded."),
    "identity_linked": _(
        "A customer of the group has this identity number and is linked to this place; nothing else of the row counts."
    ),
    "customer_in_row": _(
        "“%(value)s” means the customer of row %(first_row)s: their records were merged. That row alone counts."
    ),
    "key_known": _("A customer with this key is already recorded and stays as it is."),
    "same_person_phone": _("Customer %(number)s has the same phone and name: probably the same person."),
    "same_person_email": _("Customer %(number)s has the same e-mail and name: probably the same person."),
    "same_person_birth_date": _(
        "Customer %(number)s has the same name and date of birth: probably the same person."
    ),
    "email_known": _("Customer %(number)s has the same e-mail."),
    "email_known_elsewhere": _("A customer known in another company has the same e-mail."),
    "phone_known": _("Customer %(number)s has the same phone."),
    "phone_known_elsewhere": _("A customer known in another company has the same phone."),
    "unknown_choice": _("“%(value)s” is none of the possible values."),
    "date_in_future": _("This date lies in the future."),
    **CUSTOM_MESSAGES,
}
