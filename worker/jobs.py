"""What a bell starts. RQ finds these by dotted name; each is one service of the house."""

from worker.context import current_house


def render(photo_id: str) -> None:
    """Render one photo."""
    current_house().render_photo(photo_id)


def deliver(delivery_id: str) -> None:
    """Make the next try at one delivery."""
    current_house().deliver(delivery_id)


def notify(notice_id: str) -> None:
    """Make the next try at one notice to a student."""
    current_house().notify(notice_id)


def handle_push(push_id: str) -> None:
    """Do what one message that WeChat pushed asks for."""
    current_house().handle_push(push_id)


def check_media(photo_id: str) -> None:
    """Ask WeChat to look at one photo."""
    current_house().check_media(photo_id)
