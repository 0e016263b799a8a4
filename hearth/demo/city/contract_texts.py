# domain data
"""The template of the invented company's contracts, and what its buyers ask to have written otherwise."""

from hearth.contract_texts.services import NewClause

TITLE, SUPPLEMENT_TITLE = "商品房买卖合同", "商品房买卖合同补充协议"
CLAUSES = (
    NewClause(10, "合同当事人", "出卖人：{seller}。\n买受人：{buyer}。\n合同编号：{number}。", "mandatory"),
    NewClause(
        20,
        "房屋基本状况",
        "买受人所购房屋为{unit}，建筑面积{area}平方米。面积以不动产登记测绘结果为准，误差按本合同约定处理。",
        "mandatory",
    ),
    NewClause(
        30,
        "价款",
        "房屋单价为每平方米人民币{unit_price}元，总价为¥{total}（{total_capitals}）。",
        "mandatory",
        is_confirmed_singly=True,
    ),
    NewClause(
        40,
        "付款方式",
        "买受人采用{plan}，共{instalments}期，按下表支付。",
        "mandatory",
        is_confirmed_singly=True,
    ),
    NewClause(
        50,
        "交付期限与条件",
        "出卖人应当在取得竣工验收备案后按约定日期交付房屋，并提供住宅质量保证书和住宅使用说明书。"
        "逾期不超过九十日的，按日支付已付房款万分之一的违约金；超过九十日的，买受人有权解除合同。",
        "standard",
        is_confirmed_singly=True,
    ),
    NewClause(
        60, "规划与设计变更", "影响房屋质量或使用功能的变更，出卖人应当在变更确立之日起十日内书面通知买受人。"
    ),
    NewClause(70, "保修责任", "保修范围和期限不低于国家规定的最低标准，自房屋交付之日起计算。", "mandatory"),
    NewClause(80, "争议解决", "争议由双方协商解决，协商不成的，依法向房屋所在地人民法院起诉。"),
    NewClause(90, "其他约定", "", "free"),
)
SUPPLEMENT = (
    NewClause(10, "补充对象", "本补充协议系{buyer}与{seller}就第{number}号合同所作的补充。", "mandatory"),
    NewClause(20, "补充内容", "", "free"),
)
DEPARTING = "争议解决"
DEPARTURE = "争议由双方协商解决，协商不成的，提交本市仲裁委员会仲裁。"
BECAUSE = "买受人要求以仲裁方式解决争议"
