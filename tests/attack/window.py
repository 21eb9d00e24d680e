"""The real window on a display of its own, driven by keys, and looked at by its memory and its picture."""

import os
import pathlib
import resource
import signal
import subprocess
import time

from harness import PROGRAM, Skip, command, environment, need, started

TICKS = os.sysconf("SC_CLK_TCK")


class Gone(Exception):
    """The window has closed, or does not answer."""


class Display:
    def __init__(self, folder, size="1000x700"):
        need("Xvfb", "xdotool")
        folder.mkdir(parents=True, exist_ok=True)
        read, write = os.pipe()
        # Without -noreset it begins anew when its last client has gone.
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
                                       pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        started.append(self.server)
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        if not number:
            raise Skip("Xvfb does not start")
        self.name = f":{number}"

    def close(self):
        self.server.terminate()
        self.server.wait()


class Window:
    def __init__(self, display, folder, *files, limit_gb=6, timeout=90, state=None):
        self.env = environment(folder, DISPLAY=display.name, LIBGL_ALWAYS_SOFTWARE="1")
        if state:
            self.env["XDG_STATE_HOME"] = state
        self.log = open(folder / "window.log", "wb")
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (limit_gb << 30, limit_gb << 30))
        self.process = subprocess.Popen([PROGRAM, *map(str, files)], env=self.env, cwd=folder, stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log, preexec_fn=limit)
        started.append(self.process)
        self.pid = self.process.pid
        deadline = time.monotonic() + timeout
        self.id = ""
        while not self.id:
            if self.process.poll() is not None:
                raise Gone(f"ended with {self.process.returncode} before its window opened: {self.said()}")
            if time.monotonic() > deadline:
                raise Gone(f"no window after {timeout} s")
            found = self.xdotool("search", "--onlyvisible", "--name", "Sourcemark").out.split()
            self.id = found[-1].decode() if found else ""
            time.sleep(0.05)
        self.xdotool("windowfocus", "--sync", self.id)
        self.settle(20)

    def said(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(errors="replace")[-400:]

    def xdotool(self, *words, stdin=b""):
        return command(["xdotool", *words], env=self.env, timeout=30, stdin=stdin)

    def is_running(self):
        return self.process.poll() is None

    def cpu(self):
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def settle(self, timeout=4.0, quiet_s=0.12):
        """Waits until the program rests, or `timeout` is over; returns whether it rests."""
        deadline = time.monotonic() + timeout
        last, since = None, time.monotonic()
        while time.monotonic() < deadline:
            try:
                now = self.cpu()
            except (OSError, IndexError) as error:
                raise Gone(f"ended with {self.process.poll()}: {self.said()}") from error
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since >= quiet_s:
                return True
            time.sleep(0.02)
        return False

    def send(self, actions):
        """Sends keys (`ctrl+s`) and clicks (`click 300 200`) as fast as they go."""
        words, keys = [], []

        def flush():
            if keys:
                words.extend(["key", "--delay", "0", *keys])
                keys.clear()

        for action in actions:
            if action.startswith("click "):
                flush()
                _, x, y = action.split()
                words.extend(["mousemove", x, y, "click", "--delay", "0", "1"])
            else:
                keys.append(action)
        flush()
        done = self.xdotool(*words)
        if done.code != 0:
            raise Gone(f"xdotool: {done}")

    def slowly(self, actions, timeout=1.0):
        for action in actions:
            self.send([action])
            self.settle(timeout)

    def in_one_frame(self, actions):
        os.kill(self.pid, signal.SIGSTOP)
        try:
            self.send(actions)
            time.sleep(0.05)
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def memory(self, field="VmHWM"):
        """Returns megabytes; the peak, unless asked for `VmRSS`."""
        try:
            with open(f"/proc/{self.pid}/status") as status:
                for line in status:
                    if line.startswith(field):
                        return int(line.split()[1]) / 1024
        except OSError:
            pass
        raise Gone(f"ended with {self.process.poll()}: {self.said()}")

    def forget_peak(self):
        with open(f"/proc/{self.pid}/clear_refs", "w") as refs:
            refs.write("5")

    def picture(self):
        return command(["import", "-window", self.id, "-resize", "160x112!", "rgb:-"], env=self.env, timeout=60).out

    def quit(self, timeout=15):
        """Returns whether the window closes when asked to; unsaved work is discarded with the program."""
        if not self.is_running():
            return False
        self.send(["Escape", "Escape", "ctrl+q"])
        try:
            self.process.wait(timeout)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            self.kill()

    def kill(self):
        if self.is_running():
            self.process.kill()
        self.process.wait()
        if self.process in started:
            started.remove(self.process)
        self.log.close()


__all__ = ["Display", "Gone", "Window", "TICKS"]
