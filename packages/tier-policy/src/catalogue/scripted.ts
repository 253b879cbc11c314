import type { CatalogueEntry } from '../catalogue.ts';
import { names } from './names.ts';

/** Applications whose process is an interpreter, by the program it runs. */
export const SCRIPTED_APPS: readonly CatalogueEntry[] = [
  { class: 'terminal', name: 'Terminator', script: names('terminator') },
  { class: 'terminal', name: 'Guake', script: names('guake, guake.main') },
  {
    class: 'terminal',
    script: names(`
      qtconsole, jupyter-qtconsole, jupyter-console, ipython, ipython3, bpython, ptpython, xonsh
    `),
  },
  {
    class: 'terminal',
    script: names('tabby, hyper, waveterm, electerm, extraterm, terminus'),
  },
  {
    class: 'terminal',
    script: names(`
      xfce4-terminal.wrapper, gnome-terminal.wrapper, pantheon-terminal.wrapper, gnome-terminal,
      lxterm, uxterm, asbru-cm, konsole.wrapper
    `),
  },

  { class: 'browser', name: 'qutebrowser', script: names('qutebrowser, qutebrowser.*') },
  {
    class: 'browser',
    script: names(`
      eolie, tangram, re.sonny.tangram, webapp-manager, nativefier, min, torbrowser-launcher, nyxt,
      chromium, google-chrome, firefox, epiphany
    `),
  },

  {
    class: 'ide',
    name: 'JetBrains IDE',
    script: names(`
      com.intellij.idea.main, com.intellij.*, com.jetbrains.*, idea, pycharm, webstorm, goland,
      clion, rubymine, phpstorm, rider, datagrip, rustrover
    `),
  },
  {
    class: 'ide',
    name: 'Android Studio',
    script: names('com.android.tools.idea.mainwrapper, com.android.tools.idea.*, android-studio'),
  },
  {
    class: 'ide',
    name: 'Eclipse',
    script: names('org.eclipse.equinox.launcher*, org.eclipse.core.launcher.main, org.eclipse.*'),
  },
  { class: 'ide', name: 'NetBeans', script: names('org.netbeans.*, org-netbeans-*, netbeans') },
  {
    class: 'ide',
    script: names(`
      processing.app.*, arduino, arduino-ide, processing, bluej, bluej.boot.boot, greenfoot, drjava,
      edu.rice.cs.drjava.*, jgrasp, dbeaver, org.jkiss.*, squirrel-sql,
      net.sourceforge.squirrel_sql.*, ghidra.*, jedit, org.gjt.sp.jedit.*, weka, burp*, burpsuite*
    `),
  },
  { class: 'ide', name: 'IDLE', script: names('idle, idle3, idle-python*, idlelib, idlelib.*, idle3.*') },
  {
    class: 'ide',
    script: names(`
      spyder, spyder3, spyder.app.*, thonny, thonny.*, mu-editor, mu, mu.app, mu_editor, eric, eric6,
      eric7, eric7_ide, ninja-ide, pyzo, wing, gaphor-console, orange-canvas, jupyter, jupyter-lab,
      jupyter-notebook, jupyterlab, notebook, gns3
    `),
  },
  {
    class: 'ide',
    script: names(`
      code, code-oss, vscode, vscodium, codium, cursor, windsurf, atom, pulsar, brackets, theia,
      positron
    `),
  },
  { class: 'ide', name: 'MonoDevelop', script: names('monodevelop, workbooks') },

  {
    class: 'trading',
    name: 'Electrum',
    script: names('electrum, electrum.*, run_electrum, electron-cash, electrum-*'),
  },
  {
    class: 'trading',
    name: 'Trader Workstation',
    script: names('jclient.loginframe, jclient.*, tws, ibgateway, ibgateway.*, com.ib.*'),
  },
  {
    class: 'trading',
    name: 'thinkorswim',
    script: names('com.devexperts.*, thinkorswim, com.devexperts.jnow.*'),
  },
  {
    class: 'trading',
    script: names(`
      bisq, bisq.*, bisq-*, com.sparrowwallet.*, sparrow, multibit*, exodus, ledger-live*,
      trezor-suite*, tradingview*
    `),
  },

  {
    class: 'remote',
    script: names(`
      virt-manager, virtmanager, xpra, xpra_launcher, guiscrcpy, x2goclient, pyhoca-gui, vmware-view,
      bottles, playonlinux, lutris, winetricks, q4wine
    `),
  },
  {
    class: 'remote',
    script: names('com.tigervnc.vncviewer.*, com.tightvnc.*, vncviewer, tightvnc-jviewer, com.tigervnc.*'),
  },

  { class: 'password', script: names('keepass, keepass2, org.keepassdroid.*') },
  {
    class: 'password',
    script: names(`
      secrets, gnome-passwordsafe, passwordsafe, org.gnome.world.secrets, revelation,
      password-gorilla, authenticator, com.belmoussaoui.authenticator, yubioath, bitwarden,
      bitwarden-desktop, 1password, buttercup, jpws, passwordsafe-*, proton-pass
    `),
  },
  {
    class: 'lockScreen',
    name: 'Cinnamon screensaver',
    script: names('cinnamon-screensaver, cinnamon-screensaver-main, pyxtrlock, xscreensaver*'),
  },
  {
    class: 'authPrompt',
    script: names('polkit-dumb-agent, lxpolkit, gksu, polkit-gnome*'),
  },

  {
    class: 'runBox',
    script: names(`
      ulauncher, ulauncher.main, kupfer, kupfer.py, gnome-do, catfish, mutate, cerebro, zazu, rofi-*,
      dmenu_run, lighthouse
    `),
  },
  {
    class: 'inputSource',
    script: names(`
      onboard, onboard-settings, autokey-gtk, autokey-qt, ibus-setup, ibus-*, emoji-picker,
      gnome-characters, org.gnome.characters, caribou, mozc_emoji
    `),
  },
  {
    class: 'shellUi',
    script: names(`
      docky, blueman-applet, blueman-tray, ding, qtile, cinnamon-launcher, mate-hud, indicator-*,
      ayatana-indicator-*, cinnamon-killer-daemon, xfce4-panel-*
    `),
  },
  {
    class: 'fileManager',
    script: names(`
      sunflower, bleachbit, org.gnome.sushi, org.gnome.nautiluspreviewer, polo, fman, jfilesync
    `),
  },
  {
    class: 'settings',
    script: names(`
      gnome-tweaks, gnome-tweak-tool, cinnamon-settings, cinnamon-settings-*, mate-tweak,
      blueman-manager, system-config-printer, system-config-printer*, arandr, gufw,
      software-properties-gtk, update-manager, mintinstall, mintupdate, gdebi-gtk, firewall-config,
      mugshot, org.gnome.extensions, usb-creator-gtk, mintsources, menulibre, alacarte, solaar,
      lxlogout
    `),
  },
  {
    class: 'agentHost',
    script: names(`
      claude, claude-desktop, chatgpt, codex, goose, lm-studio, cherry-studio, jan, deskhand,
      deskhand-*
    `),
  },
];
