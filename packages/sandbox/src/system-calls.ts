/** Numbers of system calls on the two architectures, from the kernel's tables. */
interface Numbers {
  readonly x64: number;
  readonly arm64: number;
}

const both = (number: number): Numbers => ({ x64: number, arm64: number });

/** What no program of a session needs, and what attacks on the kernel go through. */
export const DENIED: Readonly<Record<string, Numbers>> = {
  // other processes and namespaces
  ptrace: { x64: 101, arm64: 117 },
  process_vm_readv: { x64: 310, arm64: 270 },
  process_vm_writev: { x64: 311, arm64: 271 },
  process_madvise: both(440),
  kcmp: { x64: 312, arm64: 272 },
  pidfd_getfd: both(438),
  setns: { x64: 308, arm64: 268 },
  unshare: { x64: 272, arm64: 97 },
  migrate_pages: { x64: 256, arm64: 238 },
  move_pages: { x64: 279, arm64: 239 },
  // mounts
  mount: { x64: 165, arm64: 40 },
  umount2: { x64: 166, arm64: 39 },
  pivot_root: { x64: 155, arm64: 41 },
  chroot: { x64: 161, arm64: 51 },
  open_tree: both(428),
  move_mount: both(429),
  fsopen: both(430),
  fsconfig: both(431),
  fsmount: both(432),
  fspick: both(433),
  mount_setattr: both(442),
  name_to_handle_at: { x64: 303, arm64: 264 },
  open_by_handle_at: { x64: 304, arm64: 265 },
  // large parts of the kernel
  io_uring_setup: both(425),
  io_uring_enter: both(426),
  io_uring_register: both(427),
  bpf: { x64: 321, arm64: 280 },
  perf_event_open: { x64: 298, arm64: 241 },
  userfaultfd: { x64: 323, arm64: 282 },
  fanotify_init: { x64: 300, arm64: 262 },
  add_key: { x64: 248, arm64: 217 },
  request_key: { x64: 249, arm64: 218 },
  keyctl: { x64: 250, arm64: 219 },
  // the machine
  syslog: { x64: 103, arm64: 116 },
  vhangup: { x64: 153, arm64: 58 },
  acct: { x64: 163, arm64: 89 },
  swapon: { x64: 167, arm64: 224 },
  swapoff: { x64: 168, arm64: 225 },
  reboot: { x64: 169, arm64: 142 },
  sethostname: { x64: 170, arm64: 161 },
  setdomainname: { x64: 171, arm64: 162 },
  quotactl: { x64: 179, arm64: 60 },
  quotactl_fd: both(443),
  init_module: { x64: 175, arm64: 105 },
  delete_module: { x64: 176, arm64: 106 },
  finit_module: { x64: 313, arm64: 273 },
  kexec_load: { x64: 246, arm64: 104 },
  kexec_file_load: { x64: 320, arm64: 294 },
  lookup_dcookie: { x64: 212, arm64: 18 },
  settimeofday: { x64: 164, arm64: 170 },
  adjtimex: { x64: 159, arm64: 171 },
  clock_settime: { x64: 227, arm64: 112 },
  clock_adjtime: { x64: 305, arm64: 266 },
};

export const SOCKET: Numbers = { x64: 41, arm64: 198 };
export const SOCKETPAIR: Numbers = { x64: 53, arm64: 199 };
export const IOCTL: Numbers = { x64: 16, arm64: 29 };
