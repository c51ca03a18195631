"""The console's templates, compiled once a process for every application that the tests build."""

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class _CompiledTemplates(BytecodeCache):
    """Templates compiled in this process; Jinja itself compares each with its source before it is used again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _CompiledTemplates()


def share_templates(app: Flask) -> None:
    """Let every application of this process use what one of them compiled."""
    app.jinja_env.bytecode_cache = _COMPILED
