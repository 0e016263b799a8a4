"""Where the kept library looks for the providers of this app."""

from hearth.accounts.work_apps.dingtalk import DingtalkProvider
from hearth.accounts.work_apps.feishu import FeishuProvider
from hearth.accounts.work_apps.wecom import WecomProvider

provider_classes = [WecomProvider, DingtalkProvider, FeishuProvider]
