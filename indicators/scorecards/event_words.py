"""What recorded actions are called, with the shape of the state that they lead to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from indicators.models.workflow import StepName
from indicators.scorecards.words import Tag

ACTION_SHAPES = {
    StepName.SUBMIT: "sent",
    StepName.RETURN: "back",
    StepName.APPROVE: "ok",
    StepName.CLOSE: "ok",
    StepName.ASK_BACK: "back",
    StepName.REVIEW: "ok2",
    StepName.PUBLISH: "pub",
    StepName.CORRECT: "back",
    "record": "draft",
    "figures": "draft",
    "interim": "draft",
}
ACTION_WORDS = {
    "import": gettext_lazy("匯入計畫"),
    "record": gettext_lazy("儲存填報"),
    "figures": gettext_lazy("更新業務數據"),
    "interim": gettext_lazy("更新期中數值"),
    "interim_set": gettext_lazy("設定期中追蹤"),
    "assign": gettext_lazy("指派單位與期限"),
    "follow_up": gettext_lazy("追蹤改善措施"),
    "remind": gettext_lazy("提醒"),
    "attach": gettext_lazy("附上檔案"),
    "cite": gettext_lazy("引用文號"),
    "withdraw": gettext_lazy("撤回佐證資料"),
    "comment": gettext_lazy("提出意見"),
    "reply": gettext_lazy("回覆意見"),
    "resolve": gettext_lazy("意見標為已解決"),
    "reopen": gettext_lazy("意見重新開啟"),
    "create": gettext_lazy("建立"),
    "rename": gettext_lazy("更名"),
    "address": pgettext_lazy("history", "更改電子郵件"),
    "letters": gettext_lazy("更改收信設定"),
    "remove": pgettext_lazy("history", "移除"),
    "give": gettext_lazy("給予角色"),
    "take": gettext_lazy("收回角色"),
    "name": gettext_lazy("指定代理人"),
    "cancel": gettext_lazy("取消代理"),
    "end": gettext_lazy("結束代理"),
    "enable": pgettext_lazy("history", "啟用帳號"),
    "disable": pgettext_lazy("history", "停用帳號"),
    "sign-in": pgettext_lazy("history", "登入"),
    "sign-out": pgettext_lazy("history", "登出"),
    "sign-in-failed": gettext_lazy("登入失敗"),
    "lockout": gettext_lazy("暫停登入"),
    "password-change": gettext_lazy("更改密碼"),
    "password-reset": gettext_lazy("重設密碼"),
    "reset-issue": gettext_lazy("發出重設密碼連結"),
    "mfa-remove": pgettext_lazy("history", "移除第二道驗證"),
}


def action_word(action: str) -> str:
    """An action that has no word yet goes by its own name."""
    if action in StepName.values:
        return str(StepName(action).label)
    return str(ACTION_WORDS.get(action, action))


def action_tag(action: str) -> Tag:
    return Tag(ACTION_SHAPES.get(action, "pub"), action_word(action))
