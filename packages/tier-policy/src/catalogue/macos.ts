import type { CatalogueEntry } from '../catalogue.ts';
import { names } from './names.ts';

/** By bundle identifier; `exe` (the program's file or its `.app`) is the fallback for renamed and unbundled copies. */
export const MACOS_APPS: readonly CatalogueEntry[] = [
  {
    class: 'browser',
    name: 'Safari',
    platform: 'macos',
    bundle: names(`
      com.apple.Safari, com.apple.SafariTechnologyPreview, com.apple.Safari.WebApp.*,
      com.apple.Safari.*
    `),
    exe: names('Safari, Safari Technology Preview'),
  },
  {
    class: 'browser',
    name: 'Google Chrome',
    platform: 'macos',
    bundle: names(`
      com.google.Chrome, com.google.Chrome.beta, com.google.Chrome.dev, com.google.Chrome.canary,
      com.google.Chrome.app.*, com.google.Chrome.*, com.google.chrome.for.testing
    `),
    exe: names('Google Chrome, Google Chrome *, app_mode_loader'),
  },
  {
    class: 'browser',
    platform: 'macos',
    bundle: names('org.chromium.Chromium, org.chromium.Chromium.*, org.chromium.Thorium'),
    exe: names('Chromium, Thorium'),
  },
  {
    class: 'browser',
    platform: 'macos',
    bundle: names(`
      org.mozilla.firefox, org.mozilla.firefoxdeveloperedition, org.mozilla.nightly,
      org.mozilla.firefox*, io.gitlab.librewolf-community, net.waterfox.waterfox, one.ablaze.floorp
    `),
    exe: names('firefox, Firefox, Firefox *, librewolf, waterfox, floorp'),
  },
  {
    class: 'browser',
    name: 'Microsoft Edge',
    platform: 'macos',
    bundle: names('com.microsoft.edgemac, com.microsoft.edgemac.*'),
    exe: names('Microsoft Edge, Microsoft Edge *'),
  },
  {
    class: 'browser',
    name: 'Brave',
    platform: 'macos',
    bundle: names('com.brave.Browser, com.brave.Browser.*'),
    exe: names('Brave Browser, Brave Browser *'),
  },
  {
    class: 'browser',
    platform: 'macos',
    bundle: names('company.thebrowser.Browser, company.thebrowser.*'),
    exe: names('Arc, Dia'),
  },
  {
    class: 'browser',
    name: 'Vivaldi',
    platform: 'macos',
    bundle: names('com.vivaldi.Vivaldi, com.vivaldi.Vivaldi.*'),
    exe: names('Vivaldi, Vivaldi *'),
  },
  {
    class: 'browser',
    name: 'Opera',
    platform: 'macos',
    bundle: names('com.operasoftware.Opera, com.operasoftware.Opera*'),
    exe: names('Opera, Opera *'),
  },
  {
    class: 'browser',
    name: 'Orion',
    platform: 'macos',
    bundle: names('com.kagi.kagimacOS, com.kagi.kagimacOS.*'),
    exe: names('Orion, Orion *'),
  },
  {
    class: 'browser',
    name: 'DuckDuckGo',
    platform: 'macos',
    bundle: names('com.duckduckgo.macos.browser, com.duckduckgo.*'),
    exe: names('DuckDuckGo'),
  },
  {
    class: 'browser',
    name: 'Comet',
    platform: 'macos',
    bundle: names('ai.perplexity.comet'),
    exe: names('Comet'),
  },
  {
    class: 'browser',
    name: 'ChatGPT Atlas',
    platform: 'macos',
    bundle: names('com.openai.atlas'),
    exe: names('ChatGPT Atlas'),
  },
  {
    class: 'browser',
    name: 'Zen',
    platform: 'macos',
    bundle: names('app.zen-browser.zen'),
    exe: names('Zen, Zen Browser, zen'),
  },
  {
    class: 'browser',
    platform: 'macos',
    bundle: names(`
      org.torproject.torbrowser, net.mullvad.mullvadbrowser, ru.yandex.desktop.yandex-browser,
      com.sigmaos.sigmaos*, org.qutebrowser.qutebrowser
    `),
    exe: names('Tor Browser, Mullvad Browser, Yandex, SigmaOS, qutebrowser'),
  },

  {
    class: 'trading',
    name: 'Robinhood',
    platform: 'macos',
    bundle: names('com.robinhood.*'),
    exe: names('Robinhood, Robinhood Legend'),
  },
  {
    class: 'trading',
    name: 'thinkorswim',
    platform: 'macos',
    bundle: names('com.schwab.thinkorswim, com.schwab.*, com.tdameritrade.*, com.devexperts.*'),
    exe: names('thinkorswim'),
  },
  {
    class: 'trading',
    name: 'Trader Workstation',
    platform: 'macos',
    bundle: names('com.interactivebrokers.*'),
    exe: names('Trader Workstation*, IBKR Desktop, IB Gateway*'),
  },
  {
    class: 'trading',
    name: 'TradingView',
    platform: 'macos',
    bundle: names('com.tradingview.*'),
    exe: names('TradingView'),
  },
  {
    class: 'trading',
    name: 'Exodus',
    platform: 'macos',
    bundle: names('com.exodus.*, exodus, exodus.*'),
    exe: names('Exodus'),
  },
  {
    class: 'trading',
    name: 'Ledger Live',
    platform: 'macos',
    bundle: names('com.ledger.live, com.ledger.*'),
    exe: names('Ledger Live, Ledger Wallet'),
  },
  {
    class: 'trading',
    platform: 'macos',
    bundle: names(`
      io.trezor.TrezorSuite, org.electrum.electrum, org.bitcoinfoundation.Bitcoin-Qt,
      com.sparrowwallet.sparrow, org.getmonero.*, net.metaquotes.*, com.coinbase.*, com.binance.*,
      com.kraken.*
    `),
    exe: names('Trezor Suite, Electrum, Bitcoin-Qt, Sparrow, MetaTrader*, Binance, Kraken Desktop'),
  },

  {
    class: 'terminal',
    name: 'Terminal',
    platform: 'macos',
    bundle: names('com.apple.Terminal'),
    exe: names('Terminal'),
  },
  {
    class: 'terminal',
    name: 'iTerm2',
    platform: 'macos',
    bundle: names('com.googlecode.iterm2, com.googlecode.iterm2.*'),
    exe: names('iTerm, iTerm2, iTermServer*'),
  },
  {
    class: 'terminal',
    name: 'Warp',
    platform: 'macos',
    bundle: names('dev.warp.Warp-Stable, dev.warp.*'),
    exe: names('Warp, stable'),
  },
  {
    class: 'terminal',
    name: 'Ghostty',
    platform: 'macos',
    bundle: names('com.mitchellh.ghostty'),
    exe: names('ghostty'),
  },
  {
    class: 'terminal',
    name: 'kitty',
    platform: 'macos',
    bundle: names('net.kovidgoyal.kitty'),
    exe: names('kitty'),
  },
  {
    class: 'terminal',
    name: 'Alacritty',
    platform: 'macos',
    bundle: names('org.alacritty, io.alacritty'),
    exe: names('alacritty'),
  },
  {
    class: 'terminal',
    name: 'WezTerm',
    platform: 'macos',
    bundle: names('com.github.wez.wezterm'),
    exe: names('wezterm-gui, WezTerm'),
  },
  {
    class: 'terminal',
    platform: 'macos',
    bundle: names(`
      co.zeit.hyper, org.tabby, com.raphaelamorim.rio, dev.commandline.waveterm, com.termius.mac,
      com.termius-dmg.mac, org.macports.X11, org.xquartz.X11, com.secretgeometry.Cathode,
      com.panic.Prompt*
    `),
    exe: names('Hyper, Tabby, rio, Wave, Termius, X11.bin, XQuartz, Prompt'),
  },

  {
    class: 'ide',
    name: 'Visual Studio Code',
    platform: 'macos',
    bundle: names('com.microsoft.VSCode, com.microsoft.VSCodeInsiders, com.microsoft.VSCode*'),
    exe: names('Visual Studio Code, Visual Studio Code - Insiders, Code, Code - Insiders'),
  },
  {
    class: 'ide',
    name: 'VSCodium',
    platform: 'macos',
    bundle: names('com.vscodium, com.vscodium.*, com.visualstudio.code.oss'),
    exe: names('VSCodium, Code - OSS'),
  },
  {
    class: 'ide',
    name: 'Cursor',
    platform: 'macos',
    bundle: names('com.todesktop.230313mzl4w4u92'),
    exe: names('Cursor'),
  },
  {
    class: 'ide',
    platform: 'macos',
    bundle: names(`
      com.exafunction.windsurf, com.exafunction.*, com.trae.*, dev.kiro.*, com.google.antigravity,
      co.posit.positron
    `),
    exe: names('Windsurf, Trae, Kiro, Antigravity, Positron'),
  },
  {
    class: 'ide',
    name: 'Zed',
    platform: 'macos',
    bundle: names('dev.zed.Zed, dev.zed.Zed-*'),
    exe: names('Zed, Zed Preview, zed'),
  },
  {
    class: 'ide',
    name: 'JetBrains IDE',
    platform: 'macos',
    bundle: names('com.jetbrains.*'),
    exe: names(`
      IntelliJ IDEA*, PyCharm*, WebStorm*, GoLand*, CLion*, RubyMine*, PhpStorm*, Rider*, DataGrip*,
      DataSpell*, RustRover*, Fleet, idea, pycharm, webstorm, goland, clion, rubymine, phpstorm,
      rider, datagrip
    `),
  },
  {
    class: 'ide',
    platform: 'macos',
    bundle: names('com.apple.dt.*, com.apple.iphonesimulator'),
    exe: names('Xcode, Xcode*, Instruments, Simulator, Swift Playgrounds'),
  },
  {
    class: 'ide',
    name: 'Android Studio',
    platform: 'macos',
    bundle: names('com.google.android.studio, com.google.android.studio*'),
    exe: names('Android Studio*, studio'),
  },
  {
    class: 'ide',
    name: 'Sublime Text',
    platform: 'macos',
    bundle: names('com.sublimetext.4, com.sublimetext.*, com.sublimemerge'),
    exe: names('Sublime Text, sublime_text, Sublime Merge, sublime_merge'),
  },
  {
    class: 'ide',
    platform: 'macos',
    bundle: names(`
      com.panic.Nova, com.panic.Coda*, com.barebones.bbedit, com.macromates.TextMate,
      com.coteditor.CotEditor, dev.pulsar-edit.pulsar, com.github.atom
    `),
    exe: names('Nova, BBEdit, TextMate, CotEditor, Pulsar, Atom'),
  },
  {
    class: 'ide',
    platform: 'macos',
    bundle: names(`
      com.apple.ScriptEditor2, com.apple.Automator, com.apple.shortcuts,
      com.latenightsw.ScriptDebugger*
    `),
    exe: names('Script Editor, Automator, Shortcuts, Script Debugger'),
  },
  {
    class: 'ide',
    platform: 'macos',
    bundle: names('org.gnu.Emacs, org.gnu.*, org.vim.MacVim, com.qvacua.VimR, com.neovide.neovide'),
    exe: names('Emacs, Emacs-*, MacVim, VimR, neovide'),
  },
  {
    class: 'ide',
    platform: 'macos',
    bundle: names(`
      org.rstudio.RStudio, com.rstudio.desktop, org.jupyter.jupyterlab-desktop, com.mathworks.matlab,
      com.wolfram.*, org.eclipse.*, org.apache.netbeans, cc.arduino.*, org.qt-project.qtcreator,
      org.kde.kate, com.axosoft.gitkraken, com.docker.docker, org.godotengine.godot, com.unity3d.*,
      org.jkiss.dbeaver.*, org.thonny.Thonny, org.python.IDLE
    `),
    exe: names(`
      RStudio, JupyterLab, MATLAB*, Mathematica, Eclipse, Apache NetBeans*, Arduino*, Qt Creator,
      kate, GitKraken, Docker Desktop, Godot, Unity*, DBeaver*, Thonny, IDLE
    `),
  },

  {
    class: 'remote',
    name: 'Windows App',
    platform: 'macos',
    bundle: names('com.microsoft.rdc.macos, com.microsoft.rdc.*'),
    exe: names('Microsoft Remote Desktop, Windows App'),
  },
  {
    class: 'remote',
    platform: 'macos',
    bundle: names(`
      com.apple.ScreenSharing, com.apple.RemoteDesktop, com.apple.ScreenContinuity,
      com.realvnc.vncviewer, com.tigervnc.*, com.edovia.screens.*, com.p5sys.jump.*
    `),
    exe: names('Screen Sharing, Remote Desktop, iPhone Mirroring, VNC Viewer, Screens*, Jump Desktop'),
  },
  {
    class: 'remote',
    name: 'Parallels',
    platform: 'macos',
    bundle: names('com.parallels.*'),
    exe: names('Parallels Desktop, prl_client_app, prl_vm_app'),
  },
  {
    class: 'remote',
    platform: 'macos',
    bundle: names(`
      com.vmware.*, org.virtualbox.*, com.utmapp.UTM, com.teamviewer.*, com.philandro.anydesk,
      com.carriez.rustdesk, com.citrix.*, com.moonlight-stream.Moonlight, tv.parsec.www,
      com.nomachine.*, com.bluestacks.*
    `),
    exe: names(`
      VMware Fusion, VirtualBox*, UTM, TeamViewer*, AnyDesk, RustDesk, Citrix*, Moonlight, Parsec,
      NoMachine, qemu-system-*
    `),
  },

  {
    class: 'password',
    name: '1Password',
    platform: 'macos',
    bundle: names('com.1password.1password, com.1password.*, com.agilebits.*'),
    exe: names('1Password, 1Password *'),
  },
  {
    class: 'password',
    name: 'Bitwarden',
    platform: 'macos',
    bundle: names('com.bitwarden.desktop'),
    exe: names('Bitwarden'),
  },
  {
    class: 'password',
    name: 'Passwords',
    platform: 'macos',
    bundle: names(`
      com.apple.Passwords, com.apple.keychainaccess, com.apple.Passwords.*, com.apple.keychain*
    `),
    exe: names('Passwords, Keychain Access'),
  },
  {
    class: 'password',
    platform: 'macos',
    bundle: names(`
      org.keepassxc.keepassxc, com.hicknhacksoftware.MacPass, com.strongboxsafe.*,
      com.markmcguill.strongbox*
    `),
    exe: names('KeePassXC, MacPass, Strongbox'),
  },
  {
    class: 'password',
    platform: 'macos',
    bundle: names(`
      com.dashlane.*, com.lastpass.*, com.nordpass.*, in.sinew.Enpass-Desktop*, me.proton.pass.*,
      com.keepersecurity.*, com.callpod.keepermac*, com.siber.roboform*, com.yubico.*, io.ente.auth*,
      com.authy.*, org.gpgtools.*
    `),
    exe: names(`
      Dashlane, LastPass, NordPass, Enpass, Proton Pass, Keeper Password Manager, RoboForm,
      Yubico Authenticator, Ente Auth, pinentry-mac, GPG Keychain
    `),
  },

  {
    class: 'authPrompt',
    platform: 'macos',
    bundle: names(`
      com.apple.SecurityAgent, com.apple.coreservices.uiagent, com.apple.UserNotificationCenter,
      com.apple.LocalAuthentication.*, com.apple.AuthenticationServicesUI*, com.apple.tccd,
      com.apple.accessibility.universalAccessAuthWarn, com.apple.security.*
    `),
    exe: names(`
      SecurityAgent, CoreServicesUIAgent, UserNotificationCenter, coreautha, coreauthd, tccd,
      universalAccessAuthWarn, authorizationhost, Keychain Circle Notification,
      LocalAuthenticationRemoteService
    `),
  },
  {
    class: 'lockScreen',
    platform: 'macos',
    bundle: names('com.apple.loginwindow, com.apple.ScreenSaver.*'),
    exe: names('loginwindow, ScreenSaverEngine, legacyScreenSaver'),
  },

  {
    class: 'dialogHost',
    name: 'A file dialog',
    platform: 'macos',
    bundle: names('com.apple.appkit.xpc.openAndSavePanelService'),
    exe: names('com.apple.appkit.xpc.openAndSavePanelService'),
    sentinels: ['anyFile'],
  },

  {
    class: 'runBox',
    name: 'Spotlight',
    platform: 'macos',
    bundle: names('com.apple.Spotlight, com.apple.Siri'),
    exe: names('Spotlight, Siri'),
  },
  {
    class: 'runBox',
    name: 'Raycast',
    platform: 'macos',
    bundle: names('com.raycast.macos, com.raycast.*'),
    exe: names('Raycast'),
  },
  {
    class: 'runBox',
    platform: 'macos',
    bundle: names(`
      com.runningwithcrayons.Alfred, com.runningwithcrayons.*, at.obdev.LaunchBar,
      com.blacktree.Quicksilver
    `),
    exe: names('Alfred, Alfred *, LaunchBar, Quicksilver'),
  },

  {
    class: 'inputSource',
    platform: 'macos',
    bundle: names(`
      com.apple.KeyboardViewer, com.apple.inputmethod.*, com.apple.CharacterPaletteIM,
      com.apple.AssistiveControl, com.apple.SwitchControl*, com.stairways.keyboardmaestro.*,
      com.smileonmymac.textexpander*, com.hegenberg.BetterTouchTool, org.p0deje.Maccy,
      com.wiheads.paste*
    `),
    exe: names(`
      KeyboardViewer, Assistive Control, AssistiveControl, Keyboard Maestro*, TextExpander,
      BetterTouchTool, Maccy, Paste, Hammerspoon
    `),
  },

  {
    class: 'shellUi',
    platform: 'macos',
    bundle: names(`
      com.apple.dock, com.apple.dock.*, com.apple.systemuiserver, com.apple.controlcenter,
      com.apple.notificationcenterui, com.apple.WindowManager, com.apple.wallpaper.*,
      com.apple.launchpad.*, com.apple.screencaptureui, com.surteesstudios.Bartender*
    `),
    exe: names(`
      Dock, SystemUIServer, ControlCenter, Control Center, NotificationCenter, WindowManager,
      WindowServer, Launchpad, Mission Control, screencaptureui, Bartender*, Ice
    `),
  },
  {
    class: 'fileManager',
    platform: 'macos',
    bundle: names(`
      com.apple.finder, com.cocoatech.PathFinder*, com.eltima.commander*, com.binarynights.ForkLift*,
      com.panic.Transmit*
    `),
    exe: names('Finder, Path Finder, Commander One, ForkLift, Transmit'),
  },
  {
    class: 'settings',
    platform: 'macos',
    bundle: names(`
      com.apple.systempreferences, com.apple.systempreferences.*, com.apple.DiskUtility,
      com.apple.ActivityMonitor, com.apple.MigrateAssistant, com.apple.DirectoryUtility,
      com.apple.installer, com.apple.AppStore, com.apple.configurator*, com.apple.wifi.*
    `),
    exe: names(`
      System Settings, System Preferences, Disk Utility, Activity Monitor, Migration Assistant,
      Directory Utility, Installer, App Store
    `),
  },

  {
    class: 'agentHost',
    name: 'Claude',
    platform: 'macos',
    bundle: names('com.anthropic.claudefordesktop, com.anthropic.*'),
    exe: names('Claude'),
  },
  {
    class: 'agentHost',
    name: 'ChatGPT',
    platform: 'macos',
    bundle: names('com.openai.*'),
    exe: names('ChatGPT, Codex'),
  },
  {
    class: 'agentHost',
    platform: 'macos',
    bundle: names(`
      com.block.goose, ai.elementlabs.lmstudio, com.kangfenmao.CherryStudio, jan.ai.app,
      dev.deskhand.*
    `),
    exe: names('Goose, LM Studio, Cherry Studio, Jan, Deskhand'),
  },
];
