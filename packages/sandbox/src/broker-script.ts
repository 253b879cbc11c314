/** Descriptors that the broker starts with; some are read by bubblewrap, some are those of the command. */
export const FD = {
  arguments: 3,
  status: 4,
  stdin: 5,
  stdout: 6,
  stderr: 7,
  gate: 8,
  seccomp: 9,
  firstFile: 10,
  /** One for each synthetic file. */
  end: 14,
} as const;

/**
 * Holds the mounts of one sandbox. It runs outside of it, in a mount namespace of its own, and does what it is told on
 * stdin, with tabs between the words: `TOKEN mount NAME FOLDER ro|rw DEVICE:INODE COVERS`, `TOKEN unmount NAME`,
 * `TOKEN uncover NAME COVERS`. Covers are those of `Cover`, as `KIND:PATH` with spaces between them. It answers `TOKEN ok` or
 * `TOKEN failed WHY`.
 *
 * A folder is bound in a place of its own first, has to be the very one that was meant, is given its flags there, and
 * then appears as a whole. Everything ends
 * with stdin: bubblewrap dies with its parent, and all processes inside with bubblewrap.
 *
 * Arguments: the folder to share, the folder to prepare in, the control groups to be in with colons between them, and
 * what bubblewrap is started with.
 */
export const BROKER_SCRIPT = `
set -u
shared=$1 staging=$2 groups=$3
shift 3
# what this process inherited by accident is nobody's business inside
for held in /proc/self/fd/*; do
  [ "\${held##*/}" -lt ${FD.end} ] || eval "exec \${held##*/}>&-"
done
place='mode=755,nosuid,nodev,noexec'
mount -t tmpfs -o "size=64k,$place" tmpfs "$shared" &&
  mount --make-shared "$shared" &&
  mount -t tmpfs -o "size=64k,$place" tmpfs "$staging" &&
  mount --make-private "$staging" || exit 70
masks=$staging/masks
mkdir "$staging/new" "$masks" "$masks/folder" && : >"$masks/file" && chmod 000 "$masks/file" "$masks/folder" || exit 70
staging=$staging/new

confine() {
  IFS=:
  for group in $groups; do
    echo 0 > "$group/cgroup.procs" || exit 71
  done
  exec "$@"
}

confine "$@" <&${FD.stdin} >&${FD.stdout} 2>&${FD.stderr} ${FD.stdin}<&- ${FD.stdout}>&- ${FD.stderr}>&- &
exec ${Array.from({ length: FD.end - FD.arguments }, (_, at) => `${FD.arguments + at}<&-`).join(' ')}

is_meant() {
  [ "$(stat --format=%d:%i "$staging")" = "$1" ] && return
  echo 'another folder took its place meanwhile'
  return 1
}

bind() {
  mount --no-canonicalize --bind "$1" "$2"
}

# what is gone by now needs no cover; what has become a link is somebody's attempt
cover() {
  local place=$staging/$2
  [ ! -L "$place" ] || return
  [ -e "$place" ] || return 0
  case $1 in
    file | folder)
      bind "$masks/$1" "$place" &&
        mount --no-canonicalize -o remount,bind,nosuid,nodev,noexec,ro "$place"
      ;;
    kept) bind "$place" "$place" && mount --no-canonicalize -o remount,bind,nosuid,nodev,ro "$place" ;;
    pinned) bind "$place" "$place" ;;
  esac
}

each_cover() {
  local todo=$1 one path
  shift
  for one in "$@"; do
    printf -v path %b "\${one#*:}"
    "$todo" "\${one%%:*}" "$path" || return
  done
}

uncover() {
  umount --no-canonicalize --lazy "$shared/$name/$2"
}

mount_folder() {
  mkdir "$shared/$1" || return
  mount --no-canonicalize --bind "$2" "$staging" && is_meant "$4" &&
    mount --no-canonicalize -o "remount,bind,nosuid,nodev,$3" "$staging" &&
    each_cover cover $5 &&
    mount --no-canonicalize --rbind "$staging" "$shared/$1"
  local status=$?
  umount --lazy "$staging" 2>/dev/null
  [ "$status" -eq 0 ] || rmdir "$shared/$1"
  return "$status"
}

unmount_folder() {
  umount --lazy "$shared/$1" && rmdir "$shared/$1"
}

set -f
while IFS=$'\\t' read -r token verb name source access identity covers; do
  if problem=$(
    case $verb in
      mount) mount_folder "$name" "$source" "$access" "$identity" "$covers" ;;
      uncover) each_cover uncover $source ;;
      unmount) unmount_folder "$name" ;;
      *) false ;;
    esac 2>&1
  ); then
    printf '%s\\tok\\n' "$token"
  else
    printf '%s\\tfailed\\t%s\\n' "$token" "\${problem//[$'\\n\\r']/ }"
  fi
done
`;
