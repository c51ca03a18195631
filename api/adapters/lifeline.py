"""Run one program for as long as another lives: `python lifeline.py PROGRAM ARGUMENT…`.

The owner holds the other end of our standard input. When the owner ends, in whatever way, SIGKILL and the kernel's
memory killer included, that end closes and we end the program. A signal at the parent's death (PR_SET_PDEATHSIG)
alone would not do: the kernel takes the *thread* that started the child for the parent, and only Linux has it. Here
it is the second rope: it ends the program when this process itself is killed.

Runs by its path, with the standard library alone, so that it starts in milliseconds and stays small.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys

_PR_SET_PDEATHSIG = 1
_GRACE_S = 8.0
_BELLS = 1024


def main(command: list[str]) -> int:
    """Run `command` until it ends or our standard input closes; answer its exit status as a shell would."""
    # A Ctrl-C in the owner's terminal, or a service manager's SIGTERM to the whole group, is for the owner: it
    # closes our input when it no longer needs the program.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    changed = _bell_for(signal.SIGCHLD)
    # preexec_fn is safe here: this process has one thread and nothing but the standard library.
    program = subprocess.Popen(  # noqa: S603 (the owner names the program)
        command,
        stdin=subprocess.DEVNULL,
        preexec_fn=_die_with_the_lifeline,  # noqa: PLW1509 (as said above)
    )
    _wait(program, changed)
    return _as_shell(_end(program))


def _bell_for(number: signal.Signals) -> int:
    """Answer a descriptor that becomes readable when the signal arrives."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(writing)
    return reading


def _wait(program: "subprocess.Popen[bytes]", changed: int) -> None:
    """Return when our input closes or the program has ended.

    The kernel also sends SIGCHLD for a program that was stopped (SIGSTOP, a debugger) or goes on again; neither is an
    end. An end that comes between looking and waiting has rung the bell already.
    """
    while program.poll() is None:
        readable, _, _ = select.select([sys.stdin.fileno(), changed], [], [])
        if sys.stdin.fileno() in readable:
            return
        os.read(changed, _BELLS)


def _die_with_the_lifeline() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _end(program: "subprocess.Popen[bytes]") -> int:
    program.terminate()
    try:
        return program.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        program.kill()
        return program.wait()


def _as_shell(status: int) -> int:
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
