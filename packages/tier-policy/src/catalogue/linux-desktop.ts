import type { CatalogueEntry } from '../catalogue.ts';
import { names } from './names.ts';

/** What a Linux desktop itself is made of: prompts, locks, panels, launchers, file managers, settings. */
export const LINUX_DESKTOP: readonly CatalogueEntry[] = [
  {
    class: 'authPrompt',
    platform: 'linux',
    exe: names(`
      polkit-*-authentication-agent*, polkit-agent-helper*, lxpolkit, lxqt-policykit-agent,
      xfce-polkit, mate-polkit, ukui-polkit, dde-polkit-agent, cosmic-osd, hyprpolkitagent, soteria,
      io.elementary.desktop.agent-polkit, pantheon-agent-polkit, polkit-dumb-agent
    `),
  },
  {
    class: 'authPrompt',
    platform: 'linux',
    exe: names(`
      pkexec, gksu, gksudo, gksu-*, kdesu, kdesudo, lxqt-sudo, lxsudo, sudo, su, doas, beesu,
      fprintd*
    `),
  },
  {
    class: 'authPrompt',
    platform: 'linux',
    exe: names(`
      pinentry, pinentry-*, ssh-askpass, *-ssh-askpass, *-ssh-askpass*, x11-ssh-askpass, ksshaskpass,
      lxqt-openssh-askpass, gcr-prompter, gcr4-prompter, kwalletd, kwalletd5, kwalletd6, ksecretd
    `),
  },

  {
    class: 'lockScreen',
    name: 'XScreenSaver',
    platform: 'linux',
    exe: names('xscreensaver, xscreensaver-*, /usr/*/xscreensaver/*, /usr/*/xscreensaver-hacks/*'),
  },
  {
    class: 'lockScreen',
    platform: 'linux',
    exe: names(`
      i3lock, i3lock-*, xsecurelock, auth_x11, authproto_pam, saver_*, /usr/*/xsecurelock/*,
      light-locker, kscreenlocker_greet, kcheckpass, swaylock, swaylock-*, hyprlock, gtklock,
      waylock, slock, xlock, xtrlock, physlock, vlock, alock, sxlock, pyxtrlock, mate-screensaver*,
      cinnamon-screensaver*, cs-backup-locker, xfce4-screensaver*, gnome-screensaver*,
      ukui-screensaver*, deepin-screensaver, dde-lock, budgie-screensaver*
    `),
  },
  {
    class: 'lockScreen',
    platform: 'linux',
    exe: names(`
      *-greeter, *-greeter-*, lightdm, gdm, gdm3, gdm-*, sddm, sddm-*, lxdm, lxdm-*, xdm, slim, ly,
      greetd, regreet, gtkgreet, wlgreet, nwg-hello
    `),
  },

  {
    class: 'dialogHost',
    name: 'A file dialog',
    platform: 'linux',
    exe: names('/usr/lib*/xdg-desktop-portal*, /usr/bin/xdg-desktop-portal*'),
    sentinels: ['anyFile'],
  },

  { class: 'runBox', name: 'Rofi', platform: 'linux', exe: names('rofi, rofi-*') },
  {
    class: 'runBox',
    platform: 'linux',
    exe: names(`
      dmenu, dmenu_run, dmenu-*, bemenu, bemenu-run, wmenu, tofi, wofi, fuzzel, anyrun, walker,
      jgmenu, nwg-drawer, nwg-menu, xlunch, gmrun, fbrun, grun, lxqt-runner, j4-dmenu-desktop
    `),
  },
  { class: 'runBox', name: 'KRunner', platform: 'linux', exe: names('krunner') },
  {
    class: 'runBox',
    platform: 'linux',
    exe: names(`
      xfce4-appfinder, mate-search-tool, catfish, synapse, ulauncher, ulauncher-*, kupfer, gnome-do,
      albert, cerebro, zazu, mutate, vicinae, slingshot-launcher, io.elementary.applications-menu,
      lxqt-leave
    `),
    flatpak: names('io.ulauncher.Ulauncher, com.albertlauncher.albert'),
  },

  {
    class: 'inputSource',
    platform: 'linux',
    exe: names(`
      onboard, onboard-*, florence, matchbox-keyboard, xvkbd, squeekboard, wvkbd*, maliit-keyboard,
      kvkbd, corekeyboard, svkbd*, qtvirtualkeyboard, caribou, antler-keyboard, cellwriter, dasher
    `),
  },
  {
    class: 'inputSource',
    platform: 'linux',
    exe: names(`
      ibus-ui-*, ibus-extension-*, ibus-x11, ibus-setup, fcitx, fcitx5, fcitx5-*, fcitx-*, uim-*,
      scim-*
    `),
  },
  {
    class: 'inputSource',
    platform: 'linux',
    exe: names(`
      copyq, diodon, parcellite, clipit, xfce4-clipman, xfce4-clipman-*, klipper, gpaste-*, clipman,
      gpaste-ui, qlipper, glipper, cliphist, autokey, autokey-*, espanso, xmacro*, actiona
    `),
    flatpak: names('com.github.hluk.copyq, org.gnome.GPaste'),
    snap: names('copyq, espanso'),
  },

  {
    class: 'shellUi',
    platform: 'linux',
    exe: names(`
      xfce4-panel, wrapper-1.0, wrapper-2.0, /usr/*/xfce4/panel/*, xfce4-popup-*, xfce4-notifyd,
      xfce4-session, xfce4-session-logout, xfce4-power-manager, xfce4-display-settings-popup
    `),
  },
  { class: 'shellUi', platform: 'linux', exe: names('xfdesktop, xfwm4') },
  {
    class: 'shellUi',
    name: 'GNOME Shell',
    platform: 'linux',
    exe: names(`
      gnome-shell, gnome-shell-*, gnome-panel, gnome-flashback, gnome-session-*, mutter, mutter-*,
      metacity
    `),
  },
  {
    class: 'shellUi',
    platform: 'linux',
    exe: names(`
      plasmashell, plasma-desktop, plasmawindowed, kwin_x11, kwin_wayland, ksmserver, ksmserver-*,
      ksplashqml, latte-dock, kded5, kded6, kdeconnectd, xembedsniproxy
    `),
  },
  {
    class: 'shellUi',
    platform: 'linux',
    exe: names('cinnamon, cinnamon-launcher, cinnamon-session*, nemo-desktop, muffin'),
  },
  {
    class: 'shellUi',
    platform: 'linux',
    exe: names(`
      mate-panel, mate-notification-daemon, mate-session*, marco, brisk-menu, mate-*-applet,
      mate-power-manager, wnck-applet, clock-applet, notification-area-applet, caja-desktop
    `),
  },
  {
    class: 'shellUi',
    platform: 'linux',
    exe: names(`
      lxpanel, lxqt-panel, lxqt-notificationd, lxqt-session, lxsession, lxsession-logout,
      lxsession-*, lxqt-*-applet
    `),
  },
  {
    class: 'shellUi',
    platform: 'linux',
    exe: names(`
      tint2, polybar, plank, cairo-dock, docky, waybar, wf-panel, wf-background, sfwbar, ironbar,
      eww, ags, conky, stalonetray, trayer, trayer-*, xmobar, lemonbar, dzen2, i3bar, swaybar,
      yambar, fbpanel, perlpanel, bmpanel2, wbar, simdock, crystal-dock, budgie-panel, budgie-daemon,
      budgie-wm, raven, wingpanel, gala, io.elementary.wingpanel, io.elementary.dock, dde-dock,
      dde-desktop, dde-launcher, dde-osd, ukui-panel, peony-qt-desktop, cosmic-panel,
      cosmic-launcher, cosmic-app*, cosmic-notifications, unity-panel-service, compiz, nm-applet,
      blueman-applet, pasystray, volumeicon, indicator-*, ayatana-indicator-*
    `),
  },
  {
    class: 'shellUi',
    platform: 'linux',
    exe: names(`
      openbox, fluxbox, blackbox-wm, icewm, icewmbg, icewmtray, icewm-*, i3, sway, hyprland, awesome,
      xmonad, xmonad-*, dwm, dwm.*, bspwm, fvwm, fvwm2, fvwm3, fvwm*, wmaker, jwm, enlightenment,
      enlightenment_*, e16, herbstluftwm, spectrwm, twm, ctwm, mwm, vtwm, cwm, evilwm, pekwm,
      sawfish, ratpoison, matchbox-*, labwc, wayfire, river, niri, kwin, qtile-*, afterstep,
      windowlab, lwm, 9wm, wm2, notion, stumpwm, sdorfehs, picom, xcompmgr
    `),
  },
  {
    class: 'shellUi',
    platform: 'linux',
    exe: names(`
      dunst, notify-osd, mako, swaync, fnott, notification-daemon, deadd-notification-center, wired,
      tiramisu
    `),
  },
  {
    class: 'shellUi',
    platform: 'linux',
    exe: names('idesk, spacefm-desktop, ding, gjs-ding, xwinwrap, swaybg, hyprpaper'),
  },
  {
    class: 'shellUi',
    name: 'The X server',
    platform: 'linux',
    exe: names('xorg, xorg.wrap, xvfb, xwayland-satellite'),
  },

  {
    class: 'fileManager',
    platform: 'linux',
    exe: names(`
      nautilus, nautilus-*, io.elementary.files, pantheon-files, cosmic-files, sushi,
      org.gnome.nautiluspreviewer
    `),
    flatpak: names('org.gnome.Nautilus, org.gnome.NautilusPreviewer, io.elementary.files'),
  },
  { class: 'fileManager', name: 'Thunar', platform: 'linux', exe: names('thunar, thunar-*') },
  {
    class: 'fileManager',
    platform: 'linux',
    exe: names('dolphin, krusader, index, index-fm, kfind'),
    flatpak: names('org.kde.dolphin, org.kde.krusader, org.kde.index, org.kde.kfind'),
  },
  { class: 'fileManager', name: 'PCManFM', platform: 'linux', exe: names('pcmanfm, pcmanfm-qt, libfm-*') },
  { class: 'fileManager', platform: 'linux', exe: names('nemo, nemo-*, caja, caja-*') },
  {
    class: 'fileManager',
    platform: 'linux',
    exe: names(`
      spacefm, doublecmd, worker, rox, rox-filer, xfe, xfi, gentoo, polo-gtk, peony, peony-qt,
      dde-file-manager, emelfm2, gnome-commander, tuxcmd, sunflower, fsearch, qtfm, xplore, ytree,
      filelight, baobab, bleachbit, filezilla, fman
    `),
    flatpak: names(`
      org.doublecmd.DoubleCommander, org.filezillaproject.Filezilla, org.gnome.baobab,
      io.github.cboxdoerfer.FSearch, org.bleachbit.BleachBit
    `),
  },

  {
    class: 'settings',
    platform: 'linux',
    exe: names(`
      gnome-control-center, gnome-control-center-*, gnome-tweaks, dconf-editor, gnome-extensions-app,
      gnome-initial-setup, io.elementary.settings, io.elementary.switchboard, switchboard,
      cosmic-settings, budgie-control-center, budgie-desktop-settings, unity-control-center,
      dde-control-center, ukui-control-center, mate-control-center, cinnamon-settings,
      mate-*-properties, mate-tweak
    `),
    flatpak: names(`
      ca.desrt.dconf-editor, org.gnome.tweaks, com.mattjakeman.ExtensionManager,
      org.gnome.Extensions, com.github.tchx84.Flatseal
    `),
  },
  {
    class: 'settings',
    platform: 'linux',
    exe: names(`
      systemsettings, systemsettings5, kcmshell5, kcmshell6, kinfocenter, plasma-discover,
      partitionmanager, kuser
    `),
  },
  {
    class: 'settings',
    platform: 'linux',
    exe: names(`
      xfce4-settings-manager, xfce4-settings-editor, xfce4-*-settings, xfce4-keyboard-settings,
      xfce4-session-settings, xfwm4-settings, xfwm4-*settings, xfdesktop-settings,
      exo-preferred-applications, xfce4-mime-settings, lxqt-config, lxqt-config-*, lxappearance,
      obconf, obconf-qt, qt5ct, qt6ct, lxrandr, arandr, nm-connection-editor, blueman-manager,
      pavucontrol, system-config-printer
    `),
  },
  {
    class: 'settings',
    platform: 'linux',
    exe: names(`
      synaptic, gdebi-gtk, gnome-software, mintinstall, pamac-manager, octopi, muon,
      software-properties-*, update-manager, update-manager-*, gnome-disks, gparted, gpartedbin,
      timeshift-gtk, timeshift, deja-dup, yast2, stacer, gufw, firewall-config, gnome-nettool,
      users-admin, bum, boot-repair, usb-creator-gtk, balena-etcher, balenaetcher, grub-customizer,
      hardinfo, gnome-system-monitor, mate-system-monitor, xfce4-taskmanager, plasma-systemmonitor,
      ksysguard, lxtask, qps
    `),
    flatpak: names('org.gnome.Software, org.gnome.DejaDup'),
    snap: names('snap-store'),
  },
];
