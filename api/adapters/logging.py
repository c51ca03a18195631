"""One structured log for everything: events with ids, never with persons.

What may not be logged is not filtered here but never handed over: names, numbers, openids, tokens and pictures have no
way into an event. Of a crash in foreign code the type and the places are kept, not the text, which may quote anything.
"""

import logging
import sys
import traceback

import structlog


def configure_logging(form: str) -> None:
    """Send structlog's events and the standard library's warnings to standard error, as `json` or for the `console`."""
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def report_crash(photo_id: str, fault: Exception) -> None:
    """Log that a render crashed: the kind of error and where, without its text, which may quote the picture's data."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)[-5:]]
    structlog.get_logger("worker").error("render_crashed", photo=photo_id, error=type(fault).__name__, at=places)
