import type { CatalogueEntry } from '../catalogue.ts';
import { names } from './names.ts';

/** File names without `.exe`. Programs that wine runs are looked up here too. */
export const WINDOWS_APPS: readonly CatalogueEntry[] = [
  {
    class: 'browser',
    name: 'Google Chrome',
    platform: 'windows',
    exe: names('chrome, chromium, chrome_proxy, chrome_pwa_launcher'),
  },
  {
    class: 'browser',
    name: 'Microsoft Edge',
    platform: 'windows',
    exe: names('msedge, msedge_proxy, msedge_pwa_launcher, MicrosoftEdge, MicrosoftEdgeCP, iexplore'),
  },
  {
    class: 'browser',
    platform: 'windows',
    exe: names(`
      firefox, private_browsing, librewolf, waterfox, floorp, zen, palemoon, seamonkey,
      mullvadbrowser, tor-browser
    `),
  },
  { class: 'browser', name: 'Brave', platform: 'windows', exe: names('brave, brave_proxy') },
  {
    class: 'browser',
    platform: 'windows',
    exe: names(`
      opera, opera_gx, opera_launcher, vivaldi, vivaldi_proxy, yandex, browser, thorium, maxthon,
      360se, qqbrowser, whale, slimjet
    `),
  },
  {
    class: 'browser',
    platform: 'windows',
    exe: names('arc, dia, comet, atlas, duckduckgo, sigmaos, qutebrowser, orion'),
  },

  {
    class: 'trading',
    name: 'MetaTrader',
    platform: 'windows',
    exe: names('terminal64, terminal, metaeditor64, metatrader*'),
  },
  {
    class: 'trading',
    platform: 'windows',
    exe: names(`
      tws, ibgateway, ibkr desktop, thinkorswim, tradingview, tradestation, ninjatrader, ctrader,
      multicharts*, ProTrader*, DAS_TRADER64, robinhood*, Tradezero*
    `),
  },
  {
    class: 'trading',
    platform: 'windows',
    exe: names(`
      exodus, ledger live, ledger wallet, electrum, electrum-*, trezor suite, bitcoin-qt,
      litecoin-qt, monero-wallet-gui, sparrow, wasabi, wassabee, atomic wallet, binance, daedalus,
      bisq
    `),
  },

  {
    class: 'terminal',
    name: 'Windows Terminal',
    platform: 'windows',
    exe: names('WindowsTerminal, WindowsTerminalPreview, wt, OpenConsole, conhost, conhostv1'),
  },
  {
    class: 'terminal',
    platform: 'windows',
    exe: names(`
      cmd, command, powershell, pwsh, pwsh-preview, nu, bash, wsl, wslhost, wslg, ubuntu, ubuntu*,
      debian, kali, git-bash, git-cmd, ssh, telnet
    `),
  },
  {
    class: 'terminal',
    platform: 'windows',
    exe: names(`
      mintty, wezterm-gui, wezterm, alacritty, putty, kitty, kitty_portable, pterm, ConEmu, ConEmu64,
      ConEmuC*, cmder, hyper, tabby, warp, rio, wave, waveterm, termius, MobaXterm*, SecureCRT,
      Xshell, XshellCore, electerm, fluent terminal, FluentTerminal.App, teraterm, ttermpro,
      bitvise*, BvSsh, SuperPutty, solar-putty
    `),
  },

  {
    class: 'ide',
    platform: 'windows',
    exe: names(`
      Code, Code - Insiders, VSCodium, codium, Cursor, Windsurf, Trae, Kiro, Antigravity, Positron,
      zed, zed-editor
    `),
  },
  {
    class: 'ide',
    platform: 'windows',
    exe: names('devenv, blend, wdexpress, ssms, azuredatastudio, linqpad*, windbg, windbgx, DbgX.Shell'),
  },
  {
    class: 'ide',
    name: 'JetBrains IDE',
    platform: 'windows',
    exe: names(`
      idea64, idea, pycharm64, pycharm, webstorm64, goland64, clion64, rubymine64, phpstorm64,
      rider64, datagrip64, dataspell64, rustrover64, aqua64, fleet, studio64, gateway64,
      jetbrains_client64, jetbrains-*
    `),
  },
  {
    class: 'ide',
    platform: 'windows',
    exe: names(`
      sublime_text, sublime_merge, notepad++, powershell_ise, gvim, vim, nvim, nvim-qt, neovide,
      emacs, runemacs, emacs-*, atom, pulsar, brackets, UltraEdit*, uedit64, EmEditor, Kate, geany,
      eclipse, netbeans64, netbeans, codeblocks, qtcreator, rstudio, matlab, mathematica, jupyterlab,
      arduino, arduino ide, processing, spyder, thonny, idle, dbeaver, gitkraken, githubdesktop,
      docker desktop, unity, unity hub, UnrealEditor, godot*, scite, cudatext, lapce, AutoHotkey*,
      SciTE4AutoHotkey, AutoIt3*, x64dbg, x32dbg, ida64, ghidra*
    `),
  },

  {
    class: 'remote',
    name: 'Remote Desktop',
    platform: 'windows',
    exe: names('mstsc, msrdc, msrdcw, RdClient.Windows, Windows365, mRemoteNG, RDCMan, msra, quickassist'),
  },
  {
    class: 'remote',
    platform: 'windows',
    exe: names(`
      vmware, vmplayer, vmware-vmx, vmware-view, vmware-remotemks, horizon-client, VirtualBox,
      VirtualBoxVM, vmconnect, virtmgmt, qemu-*, WindowsSandbox*, vncviewer, tvnviewer, TeamViewer,
      AnyDesk, rustdesk, parsecd, moonlight, wfica32, CDViewer, SelfService, nxplayer, scrcpy,
      HD-Player, dnplayer, Nox, remote-viewer, virt-viewer, vcxsrv, Xming, Xwin, x410, dosbox*,
      PhoneExperienceHost, WsaClient, msrdc*
    `),
  },

  { class: 'password', name: '1Password', platform: 'windows', exe: names('1Password, 1Password-*') },
  {
    class: 'password',
    platform: 'windows',
    exe: names(`
      Bitwarden, KeePass*, KeePassXC, keepassxc-proxy, Dashlane, LastPass*, NordPass*, Enpass,
      ProtonPass, Proton Pass, keeperpasswordmanager, roboform, identities, passwordsafe, pwsafe,
      buttercup, authy desktop, yubioath*, authenticator, ente_auth, kleopatra, gpa, pinentry*,
      veracrypt, keymgr, bitlockerwizard*, Bitwarden*
    `),
  },

  {
    class: 'authPrompt',
    platform: 'windows',
    exe: names(`
      consent, CredentialUIBroker, CredentialEnrollmentManager, SecurityHealthHost, SecHealthUI,
      smartscreen, AuthHost, Microsoft.AAD.BrokerPlugin, WebAuthn*, SecureAssessmentBrowser,
      UserAccountBroker, UserAccountControlSettings
    `),
  },
  {
    class: 'lockScreen',
    platform: 'windows',
    exe: names('LogonUI, LockApp, winlogon, *.scr, scrnsave*, wlrmdr'),
  },

  {
    class: 'dialogHost',
    name: 'A file dialog',
    platform: 'windows',
    exe: names('PickerHost'),
    sentinels: ['anyFile'],
  },

  {
    class: 'runBox',
    platform: 'windows',
    exe: names(`
      SearchHost, SearchApp, SearchUI, StartMenuExperienceHost, PowerToys.PowerLauncher,
      Microsoft.CmdPal.UI, Wox, Flow.Launcher, Everything, Everything64, Listary, Raycast,
      Keypirinha*, Launchy, ueli, Taskmgr, Cortana, Copilot, executor, procexp, procexp64,
      SystemInformer, ProcessHacker
    `),
  },
  {
    class: 'shellUi',
    name: 'Windows Explorer',
    platform: 'windows',
    exe: names('explorer'),
    sentinels: ['anyFile', 'shell'],
  },
  {
    class: 'shellUi',
    platform: 'windows',
    exe: names(`
      ShellExperienceHost, ShellHost, sihost, Widgets, WidgetBoard, dwm, csrss, ScreenClippingHost,
      SnippingTool.Overlay, StartAllBack*, StartIsBack*, RocketDock, Rainmeter, GameBar,
      GameBarFTServer, LogiOverlay, NVIDIA Overlay
    `),
  },
  {
    class: 'inputSource',
    platform: 'windows',
    exe: names(`
      osk, TabTip, TextInputHost, ctfmon, VoiceAccess, magnify, Ditto, ClipboardFusion, espanso*,
      TextExpander, PhraseExpress, InputApp
    `),
  },
  {
    class: 'fileManager',
    platform: 'windows',
    exe: names(`
      TOTALCMD, TOTALCMD64, doublecmd, Files, FilesApp, OneCommander, dopus, XYplorer, FreeCommander,
      Explorer++, Q-Dir, Far, WinSCP, filezilla, 7zFM, WinRAR
    `),
  },
  {
    class: 'settings',
    platform: 'windows',
    exe: names(`
      SystemSettings, SystemSettingsAdminFlows, control, regedit, regedt32, mmc, msconfig, dxdiag,
      gpedit, secpol, services, compmgmt, devmgmt, perfmon, resmon, OptionalFeatures,
      SystemPropertiesAdvanced, SystemProperties*, WinStore.App, msiexec, cleanmgr, diskpart,
      PowerToys.Settings, autoruns, autoruns64, netplwiz, taskschd
    `),
  },

  { class: 'agentHost', name: 'Claude', platform: 'windows', exe: names('Claude') },
  { class: 'agentHost', name: 'ChatGPT', platform: 'windows', exe: names('ChatGPT, Codex') },
  {
    class: 'agentHost',
    platform: 'windows',
    exe: names('Goose, LM Studio, Cherry Studio, Jan, deskhand, deskhand-*'),
  },
];
