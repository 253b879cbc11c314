import type { CatalogueEntry } from '../catalogue.ts';
import { names } from './names.ts';

/** Executables after links are resolved: Debian's chromium is `/usr/lib/chromium/chromium`, vim's window `vim.gtk3`. */
export const LINUX_APPS: readonly CatalogueEntry[] = [
  // Browsers
  {
    class: 'browser',
    name: 'Firefox',
    exe: names('firefox, firefox-esr, firefox-bin, firefox-*, firefox.real'),
    flatpak: names('org.mozilla.firefox, org.mozilla.firefox*'),
    snap: names('firefox'),
  },
  {
    class: 'browser',
    name: 'Chromium',
    exe: names('chromium, chromium-*, ungoogled-chromium'),
    flatpak: names('org.chromium.Chromium, io.github.ungoogled_software.ungoogled_chromium'),
    snap: names('chromium'),
  },
  {
    class: 'browser',
    name: 'Google Chrome',
    exe: names('chrome, google-chrome*, headless_shell, chrome-headless-shell'),
    flatpak: names('com.google.Chrome, com.google.ChromeDev'),
  },
  {
    class: 'browser',
    name: 'Microsoft Edge',
    exe: names('msedge, microsoft-edge*'),
    flatpak: names('com.microsoft.Edge, com.microsoft.EdgeDev'),
  },
  {
    class: 'browser',
    name: 'Brave',
    exe: names('brave, brave-browser*'),
    flatpak: names('com.brave.Browser'),
    snap: names('brave'),
  },
  {
    class: 'browser',
    name: 'Vivaldi',
    exe: names('vivaldi, vivaldi-bin, vivaldi-*'),
    flatpak: names('com.vivaldi.Vivaldi'),
    snap: names('vivaldi'),
  },
  {
    class: 'browser',
    name: 'Opera',
    exe: names('opera, opera-*'),
    flatpak: names('com.opera.Opera'),
    snap: names('opera, opera-*'),
  },
  {
    class: 'browser',
    name: 'Yandex Browser',
    exe: names('yandex_browser, yandex-browser*'),
    flatpak: names('ru.yandex.Browser'),
  },
  {
    class: 'browser',
    name: 'LibreWolf',
    exe: names('librewolf, librewolf-bin'),
    flatpak: names('io.gitlab.librewolf-community'),
    snap: names('librewolf'),
  },
  {
    class: 'browser',
    name: 'Tor Browser',
    exe: names(`
      tor-browser, torbrowser-launcher, start-tor-browser, mullvad-browser, mullvadbrowser.real
    `),
    flatpak: names('org.torproject.torbrowser-launcher, net.mullvad.MullvadBrowser'),
  },
  {
    class: 'browser',
    name: 'Zen',
    exe: names('zen, zen-bin, zen-browser'),
    flatpak: names('app.zen_browser.zen, io.github.zen_browser.zen'),
  },
  {
    class: 'browser',
    name: 'Waterfox',
    exe: names('waterfox, waterfox-bin, waterfox-*'),
    flatpak: names('net.waterfox.waterfox'),
  },
  { class: 'browser', name: 'Floorp', exe: names('floorp, floorp-bin'), flatpak: names('one.ablaze.floorp') },
  {
    class: 'browser',
    exe: names('icecat, iceweasel, palemoon, palemoon-bin, basilisk, seamonkey, seamonkey-bin'),
  },
  {
    class: 'browser',
    name: 'GNOME Web',
    exe: names('epiphany, epiphany-browser'),
    flatpak: names('org.gnome.Epiphany, org.gnome.Epiphany.*'),
    snap: names('epiphany'),
  },
  {
    class: 'browser',
    name: 'Falkon',
    exe: names('falkon, qupzilla'),
    flatpak: names('org.kde.falkon'),
    snap: names('falkon'),
  },
  {
    class: 'browser',
    name: 'Konqueror',
    exe: names('konqueror'),
    flatpak: names('org.kde.konqueror'),
    sentinels: ['anyFile'],
  },
  {
    class: 'browser',
    exe: names('angelfish, angelfish-webapp, morph-browser'),
    flatpak: names('org.kde.angelfish'),
  },
  {
    class: 'browser',
    name: 'qutebrowser',
    exe: names('qutebrowser'),
    flatpak: names('org.qutebrowser.qutebrowser'),
    snap: names('qutebrowser'),
  },
  {
    class: 'browser',
    name: 'Midori',
    exe: names('midori, midori-bin, midori-browser'),
    flatpak: names('org.midori_browser.Midori'),
  },
  {
    class: 'browser',
    exe: names(`
      surf, luakit, vimb, badwolf, dillo, netsurf, netsurf-gtk*, links2, xlinks2, otter-browser,
      nyxt, min, minibrowser, thorium, thorium-browser, slimjet, ladybird, servo, servoshell, arora,
      uzbl-core, ephemeral
    `),
    flatpak: names('engineer.atlas.Nyxt, com.dillo.Dillo, org.ladybird.Ladybird'),
  },
  { class: 'browser', exe: names('webapp-manager, nativefier') },

  // Trading and wallets
  {
    class: 'trading',
    name: 'Electrum',
    exe: names('electrum, electrum-*'),
    flatpak: names('org.electrum.electrum'),
  },
  { class: 'trading', name: 'Exodus', exe: names('exodus, exodus-*'), flatpak: names('io.exodus.Exodus') },
  {
    class: 'trading',
    name: 'Ledger Live',
    exe: names('ledger-live, ledger-live-desktop, ledger-live*, ledger-wallet*'),
    snap: names('ledger-live-desktop'),
  },
  {
    class: 'trading',
    name: 'Trezor Suite',
    exe: names('trezor-suite, trezor-suite*'),
    flatpak: names('io.trezor.suite'),
  },
  {
    class: 'trading',
    exe: names('bitcoin-qt, litecoin-qt, dogecoin-qt, dash-qt, zcash-*'),
    flatpak: names('org.bitcoincore.bitcoin-qt'),
    snap: names('bitcoin-core'),
  },
  {
    class: 'trading',
    exe: names('monero-wallet-gui, feather, feather-wallet'),
    flatpak: names('org.getmonero.Monero, org.featherwallet.Feather'),
  },
  {
    class: 'trading',
    exe: names('sparrow, sparrow-wallet, wasabi, wassabee, bisq, atomic, atomicwallet, daedalus'),
    flatpak: names('network.bisq.Bisq'),
  },
  {
    class: 'trading',
    name: 'TradingView',
    exe: names('tradingview, tradingview-*'),
    flatpak: names('com.tradingview.tradingview'),
    snap: names('tradingview'),
  },
  { class: 'trading', name: 'Trader Workstation', exe: names('tws, ibgateway') },
  { class: 'trading', name: 'thinkorswim', exe: names('thinkorswim') },

  // Terminals
  { class: 'terminal', name: 'XTerm', exe: names('xterm, uxterm, lxterm, koi8rxterm, xterm-*') },
  {
    class: 'terminal',
    exe: names(`
      rxvt, urxvt, urxvtd, urxvtc, rxvt-*, urxvt-*, mrxvt, aterm, eterm, wterm, mlterm, mlterm-*,
      xiterm, xvt, kterm
    `),
  },
  {
    class: 'terminal',
    name: 'GNOME Terminal',
    exe: names('gnome-terminal, gnome-terminal-server, gnome-terminal-*'),
    flatpak: names('org.gnome.Terminal'),
  },
  {
    class: 'terminal',
    exe: names('kgx, gnome-console, ptyxis, ptyxis-agent'),
    flatpak: names('org.gnome.Console, app.devsuite.Ptyxis, org.gnome.Ptyxis*'),
  },
  {
    class: 'terminal',
    exe: names('konsole, yakuake, qmlkonsole'),
    flatpak: names('org.kde.konsole, org.kde.yakuake'),
    snap: names('konsole, yakuake'),
  },
  { class: 'terminal', name: 'Xfce Terminal', exe: names('xfce4-terminal, xfce4-terminal-*') },
  { class: 'terminal', name: 'MATE Terminal', exe: names('mate-terminal') },
  {
    class: 'terminal',
    exe: names(`
      lxterminal, qterminal, deepin-terminal, io.elementary.terminal, pantheon-terminal, terminology,
      cutefish-terminal, cosmic-term, termit, roxterm, sakura, evilvte, lilyterm, stterm, tilda,
      altyo, finalterm, germinal, vala-terminal, xst
    `),
  },
  { class: 'terminal', name: 'Tilix', exe: names('tilix, terminix'), flatpak: names('com.gexperts.Tilix') },
  { class: 'terminal', exe: names('terminator, guake') },
  { class: 'terminal', name: 'st', exe: names('st, st-*') },
  {
    class: 'terminal',
    name: 'Alacritty',
    exe: names('alacritty'),
    flatpak: names('org.alacritty.Alacritty'),
    snap: names('alacritty'),
  },
  { class: 'terminal', name: 'kitty', exe: names('kitty, kitten'), flatpak: names('net.kovidgoyal.kitty') },
  { class: 'terminal', name: 'foot', exe: names('foot, footclient, havoc') },
  {
    class: 'terminal',
    name: 'WezTerm',
    exe: names('wezterm, wezterm-gui, wezterm-mux-server'),
    flatpak: names('org.wezfurlong.wezterm'),
  },
  {
    class: 'terminal',
    exe: names(`
      ghostty, rio, contour, blackbox, blackbox-terminal, cool-retro-term, zutty, darktile, warp,
      warp-terminal, tabby, hyper, wave, waveterm, extraterm, electerm, domterm, qtdomterm, kermit
    `),
    flatpak: names(`
      com.mitchellh.ghostty, com.raphaelamorim.rio, com.raggesilver.BlackBox, com.rioterm.Rio,
      org.tabby.Tabby, org.electerm.electerm, dev.warp.Warp
    `),
    snap: names('ghostty, tabby, electerm, waveterm'),
  },
  {
    class: 'terminal',
    exe: names(`
      putty, pterm, puttytel, asbru-cm, snowflake, termius, termius-app, mobaxterm, gtkterm, cutecom,
      moserial, secpanel
    `),
    flatpak: names('uk.org.greenend.chiark.sgtatham.putty'),
    snap: names('termius-app'),
  },

  // Editors with a shell
  {
    class: 'ide',
    name: 'Visual Studio Code',
    exe: names('code, code-insiders, code-oss, code-server, code-tunnel'),
    flatpak: names('com.visualstudio.code, com.visualstudio.code.*, com.visualstudio.code-oss'),
    snap: names('code, code-insiders'),
  },
  {
    class: 'ide',
    name: 'VSCodium',
    exe: names('codium, vscodium, codium-insiders'),
    flatpak: names('com.vscodium.codium, com.vscodium.codium*'),
    snap: names('codium'),
  },
  { class: 'ide', name: 'Cursor', exe: names('cursor, cursor-*') },
  {
    class: 'ide',
    exe: names(`
      windsurf, windsurf-*, trae, kiro, antigravity, void, positron, theia, theia-ide,
      theia-ide-electron-app
    `),
    flatpak: names('com.windsurf.Windsurf'),
  },
  {
    class: 'ide',
    name: 'Zed',
    exe: names('zed, zed-editor, zeditor, zedit, zed-*'),
    flatpak: names('dev.zed.Zed, dev.zed.Zed*'),
  },
  {
    class: 'ide',
    name: 'JetBrains IDE',
    exe: names(`
      idea, idea64, pycharm, pycharm64, webstorm, webstorm64, goland, goland64, clion, clion64,
      rubymine, rubymine64, phpstorm, phpstorm64, rider, rider64, datagrip, datagrip64, dataspell,
      dataspell64, rustrover, rustrover64, aqua, aqua64, fleet, jetbrains-*, gateway64
    `),
    flatpak: names('com.jetbrains.*'),
    snap: names(`
      intellij-idea*, pycharm*, webstorm, goland, clion*, rubymine, phpstorm, rider, datagrip,
      dataspell, rustrover, fleet
    `),
  },
  {
    class: 'ide',
    name: 'Android Studio',
    exe: names('studio, studio64, android-studio'),
    flatpak: names('com.google.AndroidStudio'),
    snap: names('android-studio*'),
  },
  {
    class: 'ide',
    name: 'Sublime Text',
    exe: names('sublime_text, sublime-text, plugin_host-*, sublime_merge'),
    flatpak: names('com.sublimetext.three, com.sublimemerge.App'),
    snap: names('sublime-text, sublime-merge'),
  },
  {
    class: 'ide',
    name: 'GNU Emacs',
    exe: names('emacs, emacs-*, emacs2*, emacs3*, xemacs*, lem'),
    flatpak: names('org.gnu.emacs'),
    snap: names('emacs'),
  },
  {
    class: 'ide',
    exe: names(`
      vim, vim.*, gvim, gvim.*, vimx, gvimdiff, nvim, nvim-qt, neovide, gnvim, goneovim, neovim-gtk,
      nvim-gtk, kakoune, helix, hx
    `),
    flatpak: names('io.neovim.nvim, org.vim.Vim, dev.neovide.neovide, com.helix_editor.Helix'),
    snap: names('nvim, vim-editor, neovide'),
  },
  {
    class: 'ide',
    exe: names('kate, kdevelop, kile, cantor, kwrite'),
    flatpak: names('org.kde.kate, org.kde.kdevelop, org.kde.kile, org.kde.cantor, org.kde.kwrite'),
    snap: names('kate, kdevelop, kile'),
  },
  {
    class: 'ide',
    name: 'Geany',
    exe: names('geany'),
    flatpak: names('org.geany.Geany'),
    snap: names('geany-gtk'),
  },
  {
    class: 'ide',
    name: 'Eclipse',
    exe: names('eclipse, eclipse-*, sts, springtoolsuite4, stm32cubeide'),
    flatpak: names('org.eclipse.*'),
    snap: names('eclipse, eclipse-*'),
  },
  {
    class: 'ide',
    name: 'NetBeans',
    exe: names('netbeans'),
    flatpak: names('org.apache.netbeans'),
    snap: names('netbeans'),
  },
  {
    class: 'ide',
    exe: names(`
      codeblocks, codelite, anjuta, lazarus, lazarus-ide, lazarus-ide-*, startlazarus, juffed,
      bluefish, scite, textadept, textadept-gtk, medit, geanypy, monodevelop, gambas3,
      gambas3.gambas, kdbg, nemiver, gede, ddd, seer, qtcreator, designer, gnome-builder, builder,
      foundry, lapce, lite-xl, pragtical, ecode, cudatext, cudatext-*, notepadqq, notepadqq-bin,
      howl, brackets, atom, pulsar, nuclide, light-table
    `),
    flatpak: names(`
      org.codeblocks.codeblocks, io.qt.QtCreator, org.gnome.Builder, dev.lapce.lapce,
      com.lite_xl.LiteXL, dev.pulsar_edit.Pulsar, io.atom.Atom, io.brackets.Brackets,
      com.notepadqq.Notepadqq, nl.openoffice.bluefish, io.github.CudaText*
    `),
    snap: names('codeblocks, qtcreator*, atom, pulsar, brackets, notepadqq, lite-xl, bluefish'),
  },
  {
    class: 'ide',
    exe: names(`
      rstudio, rsession, rstudio-bin, jupyterlab-desktop, jlab, octave-gui, octave, matlab,
      matlabwindow, scilab, scilab-bin, wxmaxima, xmaxima, mathematica, wolframnb, julia, sagemath,
      rkward, rkward.*, spyder, spyder3, orange-canvas
    `),
    flatpak: names(`
      org.rstudio.RStudio, org.jupyter.JupyterLab, org.octave.Octave, org.scilab.Scilab,
      org.spyder_ide.spyder, org.kde.rkward
    `),
    snap: names('jupyterlab-desktop, octave, spyder, rstudio'),
  },
  {
    class: 'ide',
    exe: names(`
      arduino, arduino-ide, processing, fritzing, mu, mu-editor, thonny, idle, godot, godot*,
      unityhub, unity, unrealeditor, ue4editor, sonic-pi, scratch-desktop
    `),
    flatpak: names(`
      cc.arduino.*, org.thonny.Thonny, org.processing.processingide, org.godotengine.*,
      com.unity.UnityHub, cc.arduino.IDE2
    `),
    snap: names('arduino, arduino-*, thonny, godot*'),
  },
  {
    class: 'ide',
    exe: names(`
      gitkraken, dbeaver, dbeaver-ce, insomnia, gns3, wireshark, ghidra, cutter, iaito,
      docker desktop, docker-desktop, podman-desktop, lens, openlens, k9s
    `),
    flatpak: names(`
      com.axosoft.GitKraken, io.dbeaver.DBeaverCommunity, io.podman_desktop.PodmanDesktop,
      org.ghidra_sre.Ghidra
    `),
    snap: names('gitkraken, dbeaver-ce'),
  },

  // Windows onto other computers
  {
    class: 'remote',
    name: 'Remmina',
    exe: names('remmina'),
    flatpak: names('org.remmina.Remmina'),
    snap: names('remmina'),
  },
  {
    class: 'remote',
    name: 'FreeRDP',
    exe: names('xfreerdp, xfreerdp*, wlfreerdp, wlfreerdp*, sdl-freerdp*, rdesktop, rdesktop-vrdp'),
    flatpak: names('com.freerdp.FreeRDP'),
    snap: names('freerdp'),
  },
  {
    class: 'remote',
    exe: names(`
      vncviewer, xtigervncviewer, xvnc4viewer, xtightvncviewer, tightvncviewer, ssvncviewer, ssvnc,
      gvncviewer, vncviewer*, realvnc*, vinagre, gnome-connections, krdc, directvnc, x11vnc,
      chrome-remote-desktop*
    `),
    flatpak: names('org.tigervnc.vncviewer, org.gnome.Connections, org.kde.krdc, com.realvnc.vncviewer'),
    snap: names('tigervnc*, krdc'),
  },
  {
    class: 'remote',
    exe: names(`
      anydesk, teamviewer, teamviewerd, rustdesk, nxplayer.bin, nxplayer, nxclient.bin, x2goclient,
      xpra_launcher, parsecd, moonlight, moonlight-qt, steamlink, chiaki, chiaki-ng, scrcpy, wfica,
      vmware-view, horizon-client, thinlinc-client, tlclient, tlclient.bin, dwservice, input-leap,
      barrier, synergy, deskflow
    `),
    flatpak: names(`
      com.anydesk.Anydesk, com.teamviewer.TeamViewer, com.rustdesk.RustDesk,
      com.moonlight_stream.Moonlight, com.parsecgaming.parsec, com.nomachine.nxplayer,
      io.github.chiaki_ng.*, in.srev.guiscrcpy
    `),
    snap: names('scrcpy, moonlight, guiscrcpy'),
  },
  { class: 'remote', name: 'VirtualBox', exe: names('virtualbox, virtualboxvm, vboxsdl, vboxheadless') },
  { class: 'remote', name: 'VMware', exe: names('vmware, vmplayer, vmware-vmx, vmrc') },
  {
    class: 'remote',
    exe: names(`
      qemu-*, qemu, qemu-kvm, kvm, virt-viewer, remote-viewer, spicy, gnome-boxes, quickgui,
      looking-glass-client, dosbox, dosbox-x, bochs, 86box, pcem, virt-manager, aqemu, waydroid,
      anbox, genymotion, emulator, qemu-system-*, crosvm
    `),
    flatpak: names(`
      org.gnome.Boxes, org.virt_manager.*, net._86box._86Box, com.dosbox_x.DOSBox-X,
      com.dosbox.DOSBox, com.usebottles.bottles
    `),
    snap: names('virt-manager, anbox, multipass, qemu-virgil'),
  },
  {
    class: 'remote',
    exe: names('xephyr, xnest, xwayland, xvnc, xtigervnc, weston, cage, gamescope, xpra_x11'),
  },

  // Passwords, keys, one-time codes
  {
    class: 'password',
    exe: names('keepassxc, keepassxc-proxy, keepassx, keepassx2, keepass, keepass2'),
    flatpak: names('org.keepassxc.KeePassXC'),
    snap: names('keepassxc'),
  },
  {
    class: 'password',
    name: 'Bitwarden',
    exe: names('bitwarden, bitwarden-app, bitwarden-desktop, bitwarden*'),
    flatpak: names('com.bitwarden.desktop, com.bitwarden.desktop*'),
    snap: names('bitwarden'),
  },
  {
    class: 'password',
    name: '1Password',
    exe: names('1password, 1password-*'),
    flatpak: names('com.onepassword.OnePassword'),
    snap: names('1password'),
  },
  {
    class: 'password',
    exe: names(`
      enpass, proton-pass, protonpass, nordpass, dashlane, lastpass, keeperpasswordmanager, roboform,
      buttercup, buttercup-desktop, qtpass, gopass-ui, passky, padloc, psono, passwordsafe, pwsafe,
      figaro-password-manager2, fpm2, revelation, passwords, secrets
    `),
    flatpak: names(`
      io.enpass.Enpass, me.proton.Pass, com.nordpass.NordPass, com.dashlane.Dashlane,
      pw.buttercup.desktop, org.qtpass.QtPass, org.gnome.World.Secrets, org.gnome.PasswordSafe,
      com.keepersecurity.passwordmanager, com.github.hawkphantomnet.pass*
    `),
    snap: names('enpass, proton-pass, nordpass, buttercup-desktop'),
  },
  {
    class: 'password',
    name: 'Passwords and Keys',
    exe: names(`
      seahorse, seahorse-*, gcr-viewer, gcr-viewer-gtk4, gnome-keyring-daemon, gnome-keyring-*
    `),
    flatpak: names('org.gnome.seahorse.Application'),
  },
  {
    class: 'password',
    exe: names(`
      kwalletmanager, kwalletmanager5, kwalletmanager6, kwallet-query, kgpg, kleopatra
    `),
    flatpak: names('org.kde.kwalletmanager*, org.kde.kleopatra, org.kde.kgpg'),
  },
  {
    class: 'password',
    exe: names(`
      gpa, gpg-crypter, git-credential-*, veracrypt, zulucrypt-gui,
      zulumount-gui, cryptkeeper, gocryptfs-ui, plasma-vault
    `),
  },
  {
    class: 'password',
    exe: names(`
      authenticator, otpclient, yubioath-desktop, com.yubico.yubioath, yubico-authenticator, authy,
      ente_auth, enteauth, ykman-gui, numberstation, keysmith, gnome-authenticator
    `),
    flatpak: names(`
      com.belmoussaoui.Authenticator, com.github.paolostivanin.OTPClient, com.yubico.yubioath,
      io.ente.auth, org.gnome.Authenticator, org.kde.keysmith
    `),
    snap: names('authy, yubioath-desktop, ente-auth'),
  },

  // Programs that host agents, whose windows hold approvals
  {
    class: 'agentHost',
    name: 'Claude',
    exe: names('claude, claude-desktop, claude-desktop*'),
    flatpak: names('com.anthropic.*'),
  },
  {
    class: 'agentHost',
    name: 'ChatGPT',
    exe: names('chatgpt, chatgpt-*, codex, codex-*'),
    flatpak: names('com.openai.*'),
  },
  {
    class: 'agentHost',
    exe: names(`
      goose, goose-desktop, lm-studio, lm studio, cherry-studio, cherrystudio, jan, librechat, witsy,
      deskhand, deskhand-*
    `),
    flatpak: names('ai.jan.Jan, io.github.block.Goose, ai.lmstudio.*'),
  },
];
