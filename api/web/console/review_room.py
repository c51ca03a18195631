"""All pages of the review room: importing this module puts them on its blueprint."""

from api.web.console import review_batch, review_find, review_images, review_one
from api.web.console.review import bp

__all__ = ["bp", "review_batch", "review_find", "review_images", "review_one"]
