"""The system calls that a walled-off process may make, with their numbers on x86_64 and aarch64.

What is not in here the kernel refuses: starting programs and processes, networks, other processes' memory and settings,
namespaces, mounts, keys, kernel modules, and whatever calls later kernels will have. Landlock says nothing about the
modes, owners, times and extended attributes of files, so the calls that change these are left out, too; and about how a
file is opened it knows from version 3 only that it is cut off, so that is in the conditions.
"""

from __future__ import annotations

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # the column of numbers, and how the kernel calls it

ALLOWED: dict[str, tuple[int, int | None]] = {
    # files
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "close": (3, 57),
    "close_range": (436, 436),
    "copy_file_range": (326, 285),
    "creat": (85, None),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "fadvise64": (221, 223),
    "fallocate": (285, 47),
    "fcntl": (72, 25),
    "fdatasync": (75, 83),
    "flock": (73, 32),
    "fstat": (5, 80),
    "fstatfs": (138, 44),
    "fsync": (74, 82),
    "ftruncate": (77, 46),
    "getcwd": (79, 17),
    "getdents": (78, None),
    "getdents64": (217, 61),
    "ioctl": (16, 29),
    "link": (86, None),
    "linkat": (265, 37),
    "lseek": (8, 62),
    "lstat": (6, None),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "newfstatat": (262, 79),
    "open": (2, None),
    "openat": (257, 56),
    "pread64": (17, 67),
    "preadv": (295, 69),
    "preadv2": (327, 286),
    "pwrite64": (18, 68),
    "pwritev": (296, 70),
    "pwritev2": (328, 287),
    "read": (0, 63),
    "readahead": (187, 213),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "readv": (19, 65),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "rmdir": (84, None),
    "sendfile": (40, 71),
    "stat": (4, None),
    "statfs": (137, 43),
    "statx": (332, 291),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "sync_file_range": (277, 84),
    "umask": (95, 166),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "write": (1, 64),
    "writev": (20, 66),
    # memory
    "brk": (12, 214),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    "mincore": (27, 232),
    "mlock": (149, 228),
    "mlock2": (325, 284),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "msync": (26, 227),
    "munlock": (150, 229),
    "munlockall": (152, 231),
    "munmap": (11, 215),
    # threads
    "clone": (56, 220),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "futex": (202, 98),
    "futex_waitv": (449, 449),
    "gettid": (186, 178),
    "rseq": (334, 293),
    "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126),
    "sched_getaffinity": (204, 123),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "sched_yield": (24, 124),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "getcpu": (309, 168),
    # signals
    "alarm": (37, None),
    "getitimer": (36, 102),
    "kill": (62, 129),
    "pause": (34, None),
    "restart_syscall": (219, 128),
    "rt_sigaction": (13, 134),
    "rt_sigpending": (127, 136),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigsuspend": (130, 133),
    "rt_sigtimedwait": (128, 137),
    "setitimer": (38, 103),
    "sigaltstack": (131, 132),
    "signalfd": (282, None),
    "signalfd4": (289, 74),
    "tgkill": (234, 131),
    # time
    "clock_getres": (229, 114),
    "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115),
    "gettimeofday": (96, 169),
    "nanosleep": (35, 101),
    "time": (201, None),
    "timer_create": (222, 107),
    "timer_delete": (226, 111),
    "timer_getoverrun": (225, 109),
    "timer_gettime": (224, 108),
    "timer_settime": (223, 110),
    "timerfd_create": (283, 85),
    "timerfd_gettime": (287, 87),
    "timerfd_settime": (286, 86),
    "times": (100, 153),
    # waiting
    "epoll_create": (213, None),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_pwait": (281, 22),
    "epoll_pwait2": (441, 441),
    "epoll_wait": (232, None),
    "eventfd": (284, None),
    "eventfd2": (290, 19),
    "pipe": (22, None),
    "pipe2": (293, 59),
    "poll": (7, None),
    "ppoll": (271, 73),
    "pselect6": (270, 72),
    "select": (23, None),
    "wait4": (61, 260),
    "waitid": (247, 95),
    # pairs
    "getpeername": (52, 205),
    "getsockname": (51, 204),
    "getsockopt": (55, 209),
    "recvfrom": (45, 207),
    "sendto": (44, 206),
    "shutdown": (48, 210),
    "socketpair": (53, 199),
    # itself
    "getegid": (108, 177),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getgroups": (115, 158),
    "getpgid": (121, 155),
    "getpgrp": (111, None),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "getpriority": (140, 141),
    "getrandom": (318, 278),
    "getresgid": (120, 150),
    "getresuid": (118, 148),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "getsid": (124, 156),
    "getuid": (102, 174),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "setrlimit": (160, 164),
    "sysinfo": (99, 179),
    "uname": (63, 160),
}
NOT_THERE = {"clone3": (435, 435)}  # as an older kernel says: then libraries call clone, which can be looked into


class ArgumentCondition:
    """A call is allowed only where this argument (from 0), as far as the mask goes, is one of the values.

    With `upper` the upper half of the argument is meant, which has 64 bits, else the lower. No dataclass, because
    importing these takes as long as all else that a process starts with.
    """

    __slots__ = ("argument", "mask", "upper", "values")

    def __init__(self, argument: int, values: tuple[int, ...], mask: int = 0xFFFFFFFF, *, upper: bool = False) -> None:
        self.argument, self.values, self.mask, self.upper = argument, values, mask, upper


OWN_PROCESS = -1  # stands for the number of the process itself
_NEW = 0x7E020000  # CLONE_NEW…: namespaces
_THREAD = 0x10900  # CLONE_VM, CLONE_SIGHAND and CLONE_THREAD, without which clone makes a process
_CUT_OFF_UNWRITTEN = 0o1003  # O_TRUNC with a mode that is no writing, which is not kept from files that can be read
_HOW_TO_OPEN = (0, 1, 2, 0o1001, 0o1002)
CONDITIONS: dict[str, tuple[ArgumentCondition, ...]] = {
    "clone": (ArgumentCondition(0, (_THREAD,), _THREAD | _NEW),),
    # Duplicates, flags, locks and the sizes of pipes; not who gets the signals of a file, which may be anybody.
    "fcntl": (ArgumentCondition(1, (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032)),),
    # Whether it is a terminal, its size, what there is to read, whether to wait; nothing that types into terminals.
    "ioctl": (ArgumentCondition(1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),),
    "kill": (ArgumentCondition(0, (OWN_PROCESS,)),),
    "open": (ArgumentCondition(1, _HOW_TO_OPEN, _CUT_OFF_UNWRITTEN),),
    "openat": (ArgumentCondition(2, _HOW_TO_OPEN, _CUT_OFF_UNWRITTEN),),
    "prctl": (ArgumentCondition(0, (15, 16, 0x53564D41)),),  # the names of threads and of memory
    "prlimit64": (ArgumentCondition(0, (0, OWN_PROCESS)),),
    # No address, so that a pair talks to nobody else.
    "sendto": (ArgumentCondition(4, (0,)), ArgumentCondition(4, (0,), upper=True)),
    "socketpair": (ArgumentCondition(0, (1,)),),
    "tgkill": (ArgumentCondition(0, (OWN_PROCESS,)),),
}
