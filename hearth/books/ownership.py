"""Keys to people that say whose book went where."""

from hearth.core.ownership import register_mark

register_mark("books.BookHandover.from_user", "whose book it was")
register_mark("books.BookHandover.requested_by", "who asked for it")
register_mark("books.BookMove.to_user", "who got the row then")
