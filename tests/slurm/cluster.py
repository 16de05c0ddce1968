"""A real SLURM on this machine: its own munge, controller and node, in one folder, stopped at the end.

The machine needs neither cgroups nor an accounting data base. While the cluster runs, /etc/slurm has links to its
configuration, because the jobs of Snakemake start without the variable SLURM_CONF.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "sinfo", "squeue")
SYSTEM = Path("/etc/slurm")
FILES = ("slurm.conf", "gres.conf")
# CR_Core_Memory: cores and memory are allocated; the fake GPU is a device file without meaning.
CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0,sched_interval=2
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
MinJobAge=86400
KillWait=2
GresTypes=gpu
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory} Gres=gpu:1 State=UNKNOWN
PartitionName=batch Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """The reason why SLURM cannot be started here, or an empty text."""
    absent = [name for name in PROGRAMS if not shutil.which(name, path=_path())]
    if absent:
        return f"{', '.join(absent)} not installed (Debian, Ubuntu: sudo apt-get install slurm-wlm munge)"
    if any(os.path.lexists(SYSTEM / name) for name in FILES):
        return f"this machine has a SLURM of its own, configured in {SYSTEM}"
    if os.geteuid() != 0:
        return "only root can start it"
    return ""


@dataclass
class Cluster:
    """A running cluster with one node and the partition `batch`."""

    folder: Path
    cores: int = 2
    memory: int = 8000
    host: str = field(default_factory=lambda: socket.gethostname().split(".")[0])
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def ask(self, *words: str) -> str:
        """What a command of SLURM prints; it has to succeed."""
        done = subprocess.run(
            words, env=os.environ | {"PATH": _path()}, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
        return done.stdout.strip()

    def configure(self) -> None:
        for name in ("state", "spool"):
            (self.folder / name).mkdir(parents=True)
        self.folder.chmod(0o755)
        (self.folder / "munge.key").write_bytes(os.urandom(1024))
        (self.folder / "munge.key").chmod(0o400)
        (self.folder / "gpu").touch()
        (self.folder / "gres.conf").write_text(f"Name=gpu File={self.folder}/gpu\n")
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        size = {"cores": self.cores, "memory": self.memory}
        text = CONFIGURATION.format(ports=_free_ports(2), host=self.host, folder=self.folder, user=user, **size)
        (self.folder / "slurm.conf").write_text(text)
        SYSTEM.mkdir(exist_ok=True)
        for name in FILES:
            (SYSTEM / name).symlink_to(self.folder / name)

    def start(self, name: str) -> None:
        """Start one of munged, slurmctld, slurmd in the foreground of a process of its own."""
        commands = {
            "munged": [
                *("munged", "--foreground", "--force", f"--key-file={self.folder}/munge.key"),
                *(f"--socket={self.folder}/munge.socket", f"--pid-file={self.folder}/munged.pid"),
                *(f"--seed-file={self.folder}/munged.seed", f"--log-file={self.folder}/munged.log"),
            ],
            "slurmctld": ["slurmctld", "-D"],
            "slurmd": ["slurmd", "-D", "-N", self.host],
        }
        with (self.folder / f"{name}.out").open("ab") as out:
            self.running[name] = subprocess.Popen(
                commands[name], env=os.environ | {"PATH": _path()}, stdout=out, stderr=out, start_new_session=True
            )

    def stop(self, name: str) -> None:
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def wait_for(self, *states: str, seconds: float = 30) -> None:
        """Wait until the node is in one of these states, for example idle or drained."""
        give_up = time.monotonic() + seconds
        found = ""
        while time.monotonic() < give_up:
            try:
                found = self.ask("sinfo", "-h", "-o", "%T")
            except AssertionError as error:
                found = str(error)
            if found.startswith(states):
                return
            time.sleep(0.3)
        raise TimeoutError(
            f"expected the node to be {' or '.join(states)}, got {found!r}; see the logs in {self.folder}"
        )

    def jobs(self) -> dict[str, dict[str, str]]:
        """The jobs that the controller knows: identifier -> fields, for example JobState."""
        lines = self.ask("scontrol", "show", "job", "--oneliner").splitlines()
        jobs = [line.split() for line in lines if line.startswith("JobId=")]
        fields = [dict(word.partition("=")[::2] for word in words) for words in jobs]
        return {one["JobId"]: one for one in fields}


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    """A cluster that runs while the context is open; raises TimeoutError or AssertionError if it cannot start."""
    cluster = Cluster(folder)
    try:
        cluster.configure()
        for name in ("munged", "slurmctld", "slurmd"):
            cluster.start(name)
            time.sleep(0.5)
        cluster.wait_for("idle")
        yield cluster
    finally:
        for name in reversed(list(cluster.running)):
            cluster.stop(name)
        for name in FILES:
            if os.path.lexists(SYSTEM / name) and (SYSTEM / name).resolve().parent == folder.resolve():
                (SYSTEM / name).unlink()


def _path() -> str:
    return os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
