"""A worker is given one processor and takes one: nothing that it calls wakes threads of its own, which then spin."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RENDERS = 8
MOST_BESIDE = 0.1
"""Share of the main thread's processor time that all others may take. The threads of a linear algebra library, once
woken by a product of matrices, took 0.5: they wait for the next one at full speed."""
COUNTS_ITS_THREADS = f"""
import io, os, pathlib
from PIL import Image
from benchmarks.portraits import astronaut
from photo_service.models.store import models_home
from photo_service.pipeline import open_studio

def spent():
    tasks = {{}}
    for task in pathlib.Path("/proc/self/task").iterdir():
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        tasks[int(task.name)] = int(fields[11]) + int(fields[12])
    return tasks

studio, stream = open_studio(models_home(os.environ), threads=1), io.BytesIO()
astronaut().crop((90, 0, 360, 360)).resize((1500, 2000)).save(stream, "JPEG", quality=90)
assert studio.render(stream.getvalue(), spec="one-inch", source="eileen.jpg").photo
before = spent()
for _ in range({RENDERS}):
    studio.render(stream.getvalue(), spec="one-inch", source="eileen.jpg")
took = {{task: ticks - before.get(task, 0) for task, ticks in spent().items()}}
main = took.pop(os.getpid())
print(main, sum(took.values()))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="this system does not count the time of threads")
def test_one_render_at_a_time_takes_one_thread():
    """Two students on two processors do not wait for threads that do nothing."""
    told = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    command = [sys.executable, "-c", COUNTS_ITS_THREADS]

    answer = subprocess.run(command, env=told, capture_output=True, text=True, check=True, timeout=120)

    main, beside = (int(ticks) for ticks in answer.stdout.split())
    assert main > 0
    assert beside <= main * MOST_BESIDE
