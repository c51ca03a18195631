"""What a bell starts. RQ finds these by dotted name; each is one service of the house."""

from worker.context import current_house, current_place


def render(photo_id: str) -> None:
    """Render one photo."""
    current_house().render_photo(photo_id, held_by=current_place())


def deliver(delivery_id: str) -> None:
    """Make the next try at one delivery."""
    current_house().deliver(delivery_id)


def notify(notice_id: str) -> None:
    """Make the next try at one notice to a student."""
    current_house().notify(notice_id)


def handle_push(push_id: str) -> None:
    """Do what one message that WeChat pushed asks for."""
    current_house().handle_push(push_id)


def make_exhibit(photo_id: str) -> None:
    """Make the pictures that reviewers look at beside one photo."""
    current_house().review.make_exhibit(photo_id)


def check_media(photo_id: str) -> None:
    """Ask WeChat to look at one photo."""
    current_house().check_media(photo_id)


def do_office_work(thing_id: str) -> None:
    """Check one roster file, or prepare one export."""
    current_house().office.work(thing_id)
