# domain data
"""The words of a reminder to a customer, in Chinese: what, how much, until when, and whom to ask."""

from hearth.payment_reminders.models import PaymentReminder
from hearth.sales.models import Instalment

Step = PaymentReminder.Step
SUBJECT = "购房款付款提示"
OPENING = {
    Step.BEFORE: "您的购房款即将到期，特此提示。",
    Step.AFTER: "您的一笔购房款已到约定日期，我们尚未看到到账记录。",
    Step.AGAIN: "您的一笔购房款已逾约定日期，我们仍未看到到账记录。",
}
CLOSING = (
    "如已付款或办理中遇到困难，请联系您的置业顾问，我们愿意一起想办法。\n"
    "我们不会通过电话或短信要求您向个人账户转账。"
)


def reminder_body(row: Instalment, step: str, *, place: str) -> str:
    """Return the text for an instalment, loaded with its plan, contract, customer and home."""
    contract = row.plan.contract
    due = row.due_date.isoformat() if row.due_date else ""
    lines = (
        f"{contract.customer.name}：您好！",
        OPENING[Step(step)],
        f"房屋：{contract.unit.address}（合同 {contract.number}）",
        f"款项：{row.get_kind_display()}，约定日期 {due}，待付 ¥{row.open_amount:,.2f}",
        CLOSING,
        place,
    )
    return "\n".join(lines)
