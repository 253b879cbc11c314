/** X keysym names of the printable characters from U+0020 and from U+00A0 on; letters and digits are their own. */
const ASCII_SIGNS =
  'space exclam quotedbl numbersign dollar percent ampersand apostrophe parenleft parenright asterisk plus comma minus period slash 0 1 2 3 4 5 6 7 8 9 colon semicolon less equal greater question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum underscore grave a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde';

const LATIN_1 =
  'nobreakspace exclamdown cent sterling currency yen brokenbar section diaeresis copyright ordfeminine guillemotleft notsign hyphen registered macron degree plusminus twosuperior threesuperior acute mu paragraph periodcentered cedilla onesuperior masculine guillemotright onequarter onehalf threequarters questiondown Agrave Aacute Acircumflex Atilde Adiaeresis Aring AE Ccedilla Egrave Eacute Ecircumflex Ediaeresis Igrave Iacute Icircumflex Idiaeresis ETH Ntilde Ograve Oacute Ocircumflex Otilde Odiaeresis multiply Oslash Ugrave Uacute Ucircumflex Udiaeresis Yacute THORN ssharp agrave aacute acircumflex atilde adiaeresis aring ae ccedilla egrave eacute ecircumflex ediaeresis igrave iacute icircumflex idiaeresis eth ntilde ograve oacute ocircumflex otilde odiaeresis division oslash ugrave uacute ucircumflex udiaeresis yacute thorn ydiaeresis';

const fromCodePoint = (names: string, first: number): (readonly [string, string])[] =>
  names.split(' ').map((name, index) => [name, String.fromCodePoint(first + index)]);

/** Keysym name to the character it types. */
export const CHARACTER_OF_NAME: ReadonlyMap<string, string> = new Map([
  ...fromCodePoint(ASCII_SIGNS, 0x20),
  ...fromCodePoint(LATIN_1, 0xa0),
  ['EuroSign', '€'],
  ['quoteright', "'"],
  ['quoteleft', '`'],
  ['Eth', 'Ð'],
  ['Thorn', 'Þ'],
  ['Ooblique', 'Ø'],
  ['ooblique', 'ø'],
]);

/** Character to its keysym name; the first name in the table is the canonical one. */
export const NAME_OF_CHARACTER: ReadonlyMap<string, string> = new Map(
  [...CHARACTER_OF_NAME].reverse().map(([name, character]) => [character, name]),
);

const FUNCTION_KEYS = Array.from({ length: 35 }, (_, index) => `F${index + 1}`);

/** Keys that type nothing, by their X keysym names. */
export const NAMED_KEYS: readonly string[] = [
  ...'BackSpace Tab Linefeed Clear Return Pause Scroll_Lock Sys_Req Escape Delete Home Left Up Right Down Prior Next End Begin'.split(
    ' ',
  ),
  ...'Select Print Execute Insert Undo Redo Menu Find Cancel Help Break Num_Lock Caps_Lock Shift_Lock Multi_key Codeinput'.split(
    ' ',
  ),
  ...FUNCTION_KEYS,
  ...'KP_Space KP_Tab KP_Enter KP_F1 KP_F2 KP_F3 KP_F4 KP_Home KP_Left KP_Up KP_Right KP_Down KP_Prior KP_Next KP_End KP_Begin KP_Insert KP_Delete KP_Equal KP_Multiply KP_Add KP_Separator KP_Subtract KP_Decimal KP_Divide KP_0 KP_1 KP_2 KP_3 KP_4 KP_5 KP_6 KP_7 KP_8 KP_9'.split(
    ' ',
  ),
  ...'dead_grave dead_acute dead_circumflex dead_tilde dead_macron dead_breve dead_abovedot dead_diaeresis dead_abovering dead_doubleacute dead_caron dead_cedilla dead_ogonek dead_iota dead_belowdot dead_hook dead_horn dead_stroke dead_doublegrave dead_belowcomma dead_currency dead_greek'.split(
    ' ',
  ),
  ...'Kanji Muhenkan Henkan_Mode Romaji Hiragana Katakana Hiragana_Katakana Zenkaku Hankaku Zenkaku_Hankaku Eisu_toggle Kana_Lock Hangul Hangul_Hanja'.split(
    ' ',
  ),
  ...'ISO_Next_Group ISO_Prev_Group ISO_Enter Terminate_Server'.split(' '),
  ...'Standby AudioLowerVolume AudioMute AudioRaiseVolume AudioPlay AudioStop AudioPrev AudioNext AudioRecord AudioPause AudioMedia AudioRewind AudioForward AudioMicMute MonBrightnessUp MonBrightnessDown KbdLightOnOff KbdBrightnessUp KbdBrightnessDown HomePage Mail Start Search Calculator Memo ToDoList Calendar PowerDown PowerOff WakeUp Eject ScreenSaver Sleep Suspend Hibernate WWW Favorites MyComputer OpenURL HotLinks Finance Community Documents Explorer Terminal Tools Travel Launch0 Launch1 Launch2 Launch3 Launch4 Launch5 Launch6 Launch7 Launch8 Launch9 LaunchA LaunchB LaunchC LaunchD LaunchE LaunchF Back Forward Stop Refresh Reload Close Copy Cut Paste Open Save New Send Reply MailForward LogOff Away Messenger WebCam Pictures Music Video Phone Game Book CD Display DisplayOff TaskPane RotateWindows ScrollUp ScrollDown ZoomIn ZoomOut FullScreen Battery Bluetooth WLAN WWAN UWB RFKill TouchpadToggle TouchpadOn TouchpadOff RotationLockToggle Keyboard Ungrab ClearGrab Next_VMode Prev_VMode LogWindowTree LogGrabInfo Switch_VT_1 Switch_VT_2 Switch_VT_3 Switch_VT_4 Switch_VT_5 Switch_VT_6 Switch_VT_7 Switch_VT_8 Switch_VT_9 Switch_VT_10 Switch_VT_11 Switch_VT_12'
    .split(' ')
    .map((name) => `XF86${name}`),
];
