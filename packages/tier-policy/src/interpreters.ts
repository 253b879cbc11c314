/** An executable that says nothing about the program it runs, and how its command line is read. */
export interface Interpreter {
  readonly exe: RegExp;
  /** Options after which the program is a text on the command line, so that no file names it. */
  readonly inline?: readonly string[];
  /** Options whose next argument is the program's module. */
  readonly module?: readonly string[];
  /** Options whose next argument is the program's file. */
  readonly file?: readonly string[];
  /** Options whose next argument says where programs are looked for. */
  readonly paths?: readonly string[];
  /** Other options that swallow the next argument. */
  readonly valued?: readonly string[];
  /** Options without an argument of their own; any other option makes the command line unreadable. */
  readonly plain: RegExp;
  /** The first bare argument is a class name instead of a file. */
  readonly bareIsName?: boolean;
}

const NOTHING = /^$/;

export const INTERPRETERS: readonly Interpreter[] = [
  {
    exe: /^(python|pypy)[\d.]*w?(-dbg|-venv)?$/i,
    inline: ['-c', '-'],
    module: ['-m'],
    valued: ['-W', '-X'],
    plain: /^-[bBdEhiIOqRsSuvx]+$|^-[WX]./,
  },
  {
    exe: /^(java|javaw|(universal)?javaapplicationstub)$/i,
    module: ['-m', '--module'],
    file: ['-jar'],
    paths: ['-cp', '-classpath', '--class-path', '-p', '--module-path'],
    valued: ['--add-opens', '--add-exports', '--add-modules', '--add-reads', '--enable-native-access'],
    plain:
      /^-(D|X|ea|da|esa|dsa|enableassertions|agentlib:|agentpath:|javaagent:|server|client|splash:|verbose)|^--[a-z-]+=/,
    bareIsName: true,
  },
  {
    exe: /^electron[\d.]*(-nightly)?$/i,
    inline: ['-e', '-p', '--eval', '--print', '-i', '--interactive'],
    valued: ['-r', '--require'],
    plain: /^--[a-z-]+(=.*)?$/,
  },
  {
    exe: /^(node|nodejs|nw|deno|bun|qjs)(-?[\d.]+)?$/i,
    inline: ['-e', '-p', '--eval', '--print', '-', '-i'],
    valued: ['-r', '--require', '--import', '--loader', '-C', '--conditions'],
    plain: /^--([a-z-]+=.*|inspect(-brk)?|no-warnings|no-deprecation|enable-source-maps|expose-gc)$/,
  },
  { exe: /^perl[\d.]*$/i, inline: ['-e', '-E', '-'], valued: ['-I', '-M'], plain: /^-([wWtTUu]+|[IMm].+)$/ },
  { exe: /^j?ruby[\d.]*$/i, inline: ['-e', '-'], valued: ['-r', '-I'], plain: /^-([wWvd]\d?|[rI].+)$/ },
  {
    exe: /^(ba|da|z|k|mk|fi|tc|c|a|rba|o)?sh(93)?$|^(elvish|nu)$/i,
    inline: ['-c', '-s', '-i', '-'],
    valued: ['-o', '-O', '--rcfile', '--init-file'],
    plain: /^-[aefhkmnptuvxBCEHPT]+$|^--(noprofile|norc|posix|login)$/,
  },
  { exe: /^[gc]js(-console)?$/i, inline: ['-c'], valued: ['-I', '-C'], plain: /^(-m|--module)$/ },
  {
    exe: /^mono(-sgen|-boehm)?$/i,
    valued: ['--config'],
    plain: /^--(debug|desktop|server|[a-z-]+=.*)$|^-O=/,
  },
  { exe: /^dotnet$/i, plain: /^(exec|--[a-z-]+=.*)$/ },
  {
    exe: /^(php|lua|luajit|texlua)[\d.-]*$/i,
    inline: ['-r', '-e', '-'],
    file: ['-f'],
    valued: ['-d', '-l'],
    plain: /^-[iEvq]$/,
  },
  {
    exe: /^(tclsh|wish|itkwish|guile|g?racket|sbcl|clisp|ecl|escript|beam\.smp|rscript|scala|julia|qml|qmlscene)[\d.-]*$/i,
    inline: ['-e', '-c', '-'],
    file: ['-f'],
    plain: NOTHING,
  },
  {
    exe: /^(expect|love|swift|osascript|applet|droplet|[wc]script|mshta|autohotkey.*)$/i,
    inline: ['-e', '-c', '-'],
    plain: NOTHING,
  },
];

/** They start or load another program and are not it; their whole command line counts. */
export const WRAPPER =
  /^(bwrap|flatpak(-spawn)?|snap(-exec|-confine)?|env|firejail|busybox|toybox|systemd-run|setpriv|unshare|nsenter|chroot|proot|fakeroot|ld-linux.*|ld-musl.*|ld\.so|ld-.*\.so.*|box64|box86|fex.*|apprun|rundll32|dllhost|svchost|regsvr32|applicationframehost|backgroundtaskhost|runtimebroker)$/i;

export const WINE = /^(wine|wine64|wine32|wineloader|wine-.*|wine64-.*|wine32-.*|proton|umu-run)$/i;
