# domain data
"""What is repaired in the invented city: parts with prices, words that name a part of the home, and what was done."""

from datetime import timedelta

# Between the acceptance of a building and the first handover in it.
ACCEPTED_BEFORE = timedelta(days=75)
# Name, counted in, price.
SPARE_PARTS = (
    ("角阀", "个", "38.00"),
    ("防水涂料", "千克", "26.50"),
    ("密封胶", "支", "18.00"),
    ("门窗执手", "副", "65.00"),
    ("插座面板", "个", "22.00"),
    ("花洒软管", "根", "45.00"),
)
# The first that is among the words of a case names the part of the home.
PARTS_BY_WORD = (
    ("插座", "wiring"),
    ("下水", "blocked_pipe"),
    ("水压", "water_pipe"),
    ("空鼓", "floor"),
    ("裂", "plaster"),
    ("渗", "wet_room"),
    ("水渍", "wet_room"),
    ("窗", "door_window"),
    ("门", "door_window"),
)
CONTRACTORS = ("恒筑建工", "华安装饰", "")
MOST_ORDERS, MOST_BOOKED, REPORTED = 12, 7, 2
DAYS_CUT, SLOT_MINUTES = 5, 90
DONE = "清理基层后重做，已请业主查看。"
