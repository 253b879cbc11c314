/** Programs that only look, whatever they are given. */
export const LOOKING = new Set(
  'ls cat head tail wc grep egrep fgrep zgrep rg cut tr diff cmp comm stat file du df pwd echo printf true false test [ : date whoami id groups uname hostname which type hash basename dirname realpath readlink seq sleep nl tac rev column jq md5sum sha1sum sha224sum sha256sum sha512sum b2sum cksum sum base64 base32 xxd od hexdump strings less more tree ps uptime free nproc lscpu locale tput clear cd pushd popd dirs export declare typeset local readonly unset set shopt read mapfile readarray let shift return exit break continue wait jobs fg bg disown trap ulimit umask getopts alias unalias history help printenv expr bc dc factor fold fmt pr expand unexpand paste join look ldd nm objdump size readelf zcat bzcat xzcat zless pdftotext pdfinfo identify ffprobe exiftool sqlite3-schema man info whatis kill pkill killall pgrep pidof lsof env sort uniq awk gawk mawk sed'.split(
    ' ',
  ),
);
