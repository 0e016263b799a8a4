"""Chinese characters that a tired eye takes for one another when it reads a form; those of names above all.

Characters of one group are taken to look alike, each with each. Groups are by shape alone: what sounds alike is
told by the pronunciation.
"""

from collections.abc import Iterable, Mapping

GROUPS = (
    "清晴情睛精静靖菁倩请", "明朋", "阳阴", "方万", "佳住往佺", "浩洁皓", "伟纬炜玮", "丽两俪", "芳芬劳",
    "子予孑", "宇字宁", "天夭夫无", "军车", "婷停亭", "俊悛峻竣", "怡治", "文交", "杰木", "敏繁",
    "己已巳", "未末", "日曰目白自旦", "人入八", "土士工", "干千于", "大太犬", "今令", "午牛", "木本术禾",
    "王玉主壬", "田由甲申电", "贝见", "兔免", "折拆", "侯候", "凤风", "鸟乌", "历厉", "兰三", "刘对",
    "林材村", "志忠思", "建健", "海梅悔", "悦说", "晨晟宸", "辰展", "琳玲琪琦", "莉利荆", "娟婷", "娜挪",
    "雪霄雷霞", "霖森", "颖颍", "慧惠", "轩斩", "昊吴旻昱", "泽译择", "涛淘", "鹏朋棚", "峰锋蜂烽",
    "辉晖珲", "斌斐", "彬林", "涵函", "梓样锌", "萱宣", "瑞端", "睿壑", "博搏傅", "哲皙", "翔详祥",
    "凯铠恺", "然燃", "若苦", "曦羲", "磊蕊", "超赵", "勇男", "波披被", "亮壳", "毅殺", "强弦", "华毕",
    "国园囯", "平乎", "生主", "成戌戍", "东车", "福富幅", "荣莱", "贵责", "光先", "刚钢岗", "秀季",
    "英莫", "桂挂佳", "珍诊玢", "珠殊", "琴琵", "红江", "香杏", "莲连", "云去", "萍苹", "燕蒸", "陈阵",
    "李季", "张弛", "杨扬汤", "黄寅", "赵起", "周同", "吴昊", "徐涂", "孙孔", "胡湖", "朱未失", "高亮",
    "何河", "郭郑", "马鸟", "罗岁", "梁粱", "宋末", "郑邓邱", "谢射", "韩朝", "唐庚", "冯玛", "于干",
    "董重", "萧肖", "程稈", "曹曾", "袁哀", "傅博", "沈沉", "曾会", "彭澎", "吕品", "苏办", "卢户",
    "蒋将", "蔡祭", "贾买", "丁了", "魏巍", "薛嶭", "叶吐", "阎阁", "余佘", "潘播", "杜社", "戴载",
    "夏复", "钟种", "汪江注", "任仕", "姜美", "范苑", "石右", "姚桃", "谭潭", "廖寥", "邹邰", "熊能",
    "金全", "陆际", "郝赫", "孔孙", "白自", "崔催", "康唐", "毛手", "邱丘", "秦奏泰", "江红", "史吏",
    "顾顿", "候侯", "邵绍", "孟盂", "龙尤", "雯雲雪", "彤彭", "欣款", "可司", "心必", "乐东", "中申",
    "立位", "仁仕", "元无", "永水", "玥明", "珂河", "筱莜",
)  # fmt: skip


def _pairs(groups: Iterable[str]) -> Mapping[str, frozenset[str]]:
    alike: dict[str, set[str]] = {}
    for group in groups:
        for character in group:
            alike.setdefault(character, set()).update(group)
    return {character: frozenset(others - {character}) for character, others in alike.items()}


LOOKALIKES = _pairs(GROUPS)


def look_alike(one: str, other: str) -> bool:
    """Tell whether two characters are easily taken for one another."""
    return other in LOOKALIKES.get(one, frozenset())
