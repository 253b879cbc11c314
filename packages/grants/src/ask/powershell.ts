import { ALLOW_FLAG, allowing, DENY, TITLE, pressedLabel, type Pressed } from './buttons.ts';
import { dialogChannel, type DialogArguments, type OnDialog } from './dialog-channel.ts';
import type { Environment } from './dialog-environment.ts';
import type { DialogEnd } from './dialog-process.ts';
import { matterText, flagText, paragraphs } from './question-text.ts';
import type { AskChannel } from './request.ts';

export interface PowershellOptions {
  readonly powershellPath: string;
  readonly env: Environment;
  readonly onDialog?: OnDialog | undefined;
}

/**
 * Always the same: what is asked arrives in the environment, and is never part of the script.
 * Deny is the first button and the one of Return and Escape; closing and time-out print nothing.
 */
const SCRIPT = `$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Windows.Forms, System.Drawing
$form = New-Object System.Windows.Forms.Form
$form.Text = '${TITLE}'
$form.TopMost = $true
$form.StartPosition = 'CenterScreen'
$form.FormBorderStyle = 'FixedDialog'
$form.MinimizeBox = $false
$form.MaximizeBox = $false
$form.AutoSize = $true
$form.AutoSizeMode = 'GrowAndShrink'
$rows = New-Object System.Windows.Forms.FlowLayoutPanel
$rows.FlowDirection = 'TopDown'
$rows.AutoSize = $true
$rows.Padding = New-Object System.Windows.Forms.Padding 12
$label = New-Object System.Windows.Forms.Label
$label.UseMnemonic = $false
$label.AutoSize = $true
$label.MaximumSize = New-Object System.Drawing.Size 520, 0
$label.Text = $env:DESKHAND_DIALOG_TEXT
$rows.Controls.Add($label)
$buttons = New-Object System.Windows.Forms.FlowLayoutPanel
$buttons.AutoSize = $true
foreach ($name in $env:DESKHAND_DIALOG_BUTTONS.Split('|')) {
  $button = New-Object System.Windows.Forms.Button
  $button.AutoSize = $true
  $button.Text = $name
  $button.Add_Click({ $form.Tag = $this.Text; $form.Close() })
  $buttons.Controls.Add($button)
  if ($name -eq '${DENY}') { $form.AcceptButton = $button; $form.CancelButton = $button }
}
$rows.Controls.Add($buttons)
$form.Controls.Add($rows)
$timer = New-Object System.Windows.Forms.Timer
$timer.Interval = 1000 * [int]$env:DESKHAND_DIALOG_SECONDS
$timer.Add_Tick({ $form.Close() })
$timer.Start()
[void]$form.ShowDialog()
[Console]::Out.Write([string]$form.Tag)
`;

/** Base64 of UTF-16, as `-EncodedCommand` wants it. */
const ENCODED = Buffer.from(SCRIPT, 'utf16le').toString('base64');

/** Asks by a window of Windows Forms, whose text knows no markup. */
export const powershellChannel = ({ powershellPath, env, onDialog }: PowershellOptions): AskChannel =>
  dialogChannel(
    {
      name: 'powershell',
      path: powershellPath,
      env,
      askAbout: (request, matter, { number, seconds }) =>
        dialog(
          paragraphs(matterText(request, matter, number)),
          seconds,
          allowing(request).map(([, label]) => label),
        ),
      askFlag: (request, flag, { seconds }) =>
        dialog(paragraphs(flagText(request, flag)), seconds, [ALLOW_FLAG]),
      pressed: pressedIn,
    },
    onDialog,
  );

const dialog = (text: string, seconds: number, labels: readonly string[]): DialogArguments => ({
  argv: ['-NoProfile', '-NonInteractive', '-STA', '-WindowStyle', 'Hidden', '-EncodedCommand', ENCODED],
  env: {
    DESKHAND_DIALOG_TEXT: text.replaceAll('\n', '\r\n'),
    DESKHAND_DIALOG_BUTTONS: [DENY, ...labels].join('|'),
    DESKHAND_DIALOG_SECONDS: String(seconds),
  },
});

/** @throws when there is no desktop: then the script ends with an error */
function pressedIn({ code, stdout, stderr }: DialogEnd): Pressed {
  if (code !== 0)
    throw new Error(`PowerShell showed no dialog: ${stderr.trim() || `exit code ${String(code)}`}`);
  return pressedLabel(stdout);
}
