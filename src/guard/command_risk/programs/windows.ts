/**
 * Programs and cmdlets of Windows.
 * @module
 */
import { type Call, type Rule, within } from "../court.ts";
import { fromBase64 } from "../known_output.ts";
import { groundOf } from "../paths.ts";
import { judgeDelete, judgeRead, judgeWrite } from "../writing.ts";
import type { Risk } from "../../risk.ts";
import { always, same } from "./simple_rules.ts";

const paths = ({ words }: Call) =>
  words.slice(1).filter((word) => !/^[-/][a-z]{1,24}(:|$)/i.test(word));

function unless(pattern: RegExp, risk: Risk, reason: string, floor: Risk = "SAFE"): Rule {
  return (call, court) => {
    court.raise(floor, "changes something");
    if (pattern.test(call.words.slice(1).join(" "))) court.raise(risk, reason);
  };
}

const remove: Rule = (call, court) => {
  const line = call.words.join(" ");
  const recursive = /(^|\s)([-/]r(ecurse)?|\/s)\b/i.test(line);
  if (/(^|\s)-(whatif|wi)\b/i.test(line)) {
    return court.raise("MODERATE", "only says what it would do");
  }
  court.raise(recursive || /(^|\s)\/q\b/i.test(line) ? "DANGEROUS" : "MODERATE", "deletes files");
  for (const path of paths(call)) judgeDelete(path, call.scope, court, { recursive });
};

const read: Rule = (call, court) => {
  for (const path of paths(call)) judgeRead(path, call.scope, court);
};

const write: Rule = (call, court) => {
  court.raise("MODERATE", "writes files");
  for (const path of paths(call)) {
    if (
      ["system", "root", "startup", "credential", "vault"].includes(
        groundOf(path, call.scope, court),
      )
    ) judgeWrite(path, call.scope, court);
  }
};

const clear: Rule = (call, court) => {
  court.raise("DANGEROUS", "empties files");
  for (const path of paths(call)) judgeWrite(path, call.scope, court);
};

const web: Rule = (call, court) => {
  const line = call.words.join(" ");
  court.raise("MODERATE", "reaches another machine");
  if (/-method\s+["']?(delete|purge)/i.test(line)) {
    court.raise("DANGEROUS", "deletes something on another machine");
  }
  if (/-infile\b/i.test(line)) court.raise("DANGEROUS", "sends a file to another machine");
};

const invoke: Rule = (call, court) => {
  const text = call.words.slice(1).filter((word) => !/^-command$/i.test(word)).join(" ");
  if (text === "" && call.input.text === undefined) {
    return court.raise("DANGEROUS", "runs a text that is not known");
  }
  court.raise("DANGEROUS", "runs a text as a command");
  court.line(text || (call.input.text ?? ""), within(call.scope));
};

const powershell: Rule = (call, court) => {
  const { words } = call;
  court.raise("MODERATE", "runs a script");
  const at = words.findIndex((word) => /^[-/](e|ec|en|enc\w*)$/i.test(word));
  const encoded = words[at + 1] ?? "";
  if (at > 0) {
    const bytes = fromBase64(encoded);
    court.raise("DANGEROUS", "hides what it runs");
    // The text is in UTF-16; what is left without its NUL bytes is enough.
    if (bytes !== undefined) court.line(bytes, within(call.scope));
    return;
  }
  const command = words.findIndex((word, index) => index > 0 && /^[-/](c|co\w*)$/i.test(word));
  const file = words.findIndex((word) => /^[-/]f(ile)?$/i.test(word));
  const rest = words.slice(command > 0 ? command + 1 : 1).filter((word) =>
    command > 0 || !word.startsWith("-")
  );
  if (file < 0 && rest.length > 0) court.line(rest.join(" "), within(call.scope));
  else if (file < 0 && call.input.from !== "nothing") invoke({ ...call, words: ["iex"] }, court);
};

const cmd: Rule = (call, court) => {
  const at = call.words.findIndex((word) => /^\/[ckr]$/i.test(word));
  court.raise("MODERATE", "starts a shell");
  if (at > 0) court.line(call.words.slice(at + 1).join(" "), within(call.scope));
};

const carried: Rule = (call, court) => {
  court.raise("MODERATE", "runs another program");
  const rest = call.words.slice(1).filter((word) => !/^[-/]\w+(:\S*)?$/.test(word));
  if (rest.length > 0) court.call({ ...call, words: rest, scope: within(call.scope) });
};

const look: Rule = () => {};

/** Rules by program, in small letters. */
export const WINDOWS: Readonly<Record<string, Rule>> = {
  ...same("del erase rd ri Remove-Item Remove-ItemProperty Clear-RecycleBin deltree", remove),
  ...same(
    "gc type Get-Content Select-String sls findstr Get-FileHash certutil-dump Import-Csv",
    read,
  ),
  ...same(
    "Get-ChildItem gci Get-Item gi Get-Location gl Get-Process gps Get-Service gsv Get-Command gcm Get-Help Get-Member gm Get-Date Get-Variable Get-Alias Get-History Get-Host Get-Random Get-Acl Get-PSDrive Get-Module Test-Path Measure-Object Where-Object Select-Object Sort-Object Format-Table Format-List ft fl Group-Object Out-String Out-Host Write-Host Write-Output Compare-Object Resolve-Path Split-Path Join-Path Test-Connection Get-NetIPAddress Get-ComputerInfo Get-EventLog Get-WinEvent ConvertTo-Json ConvertFrom-Json ver vol tasklist systeminfo ipconfig where tracert pathping cls rem chcp title prompt path set echo findstr qwinsta query driverquery gpresult getmac fc comp sort more",
    look,
  ),
  ...same("Set-Location sl Push-Location Pop-Location chdir", look),
  ...same(
    "Set-Content sc Add-Content ac Out-File New-Item ni md Copy-Item cpi copy xcopy robocopy-copy Move-Item mi move Rename-Item rni ren Export-Csv Compress-Archive Expand-Archive Tee-Object attrib mklink expand Set-Item",
    write,
  ),
  "clear-content": clear,
  clc: clear,
  "clear-item": clear,
  robocopy: unless(
    /\/(mir|purge|mov|move)\b/i,
    "DANGEROUS",
    "deletes files that are not in the source",
    "MODERATE",
  ),
  format: unless(/\b[a-z]:/i, "FORBIDDEN", "destroys what a disk holds", "MODERATE"),
  ...same(
    "Format-Volume Clear-Disk Initialize-Disk",
    always("FORBIDDEN", "destroys what a disk holds"),
  ),
  ...same(
    "Remove-Partition Set-Disk New-Partition Resize-Partition diskpart chkdsk bcdedit bootrec fsutil cipher sdelete sdelete64 manage-bde vssadmin wbadmin",
    unless(
      /^(?!list\b|\/enum|\/scan|$)/i,
      "DANGEROUS",
      "changes disks, backups or how the machine starts",
    ),
  ),
  ...same(
    "Stop-Computer Restart-Computer shutdown.exe logoff",
    always("DANGEROUS", "turns the machine off or restarts it"),
  ),
  ...same(
    "Stop-Service Set-Service Remove-Service Disable-ScheduledTask Unregister-ScheduledTask Disable-NetAdapter Disable-WindowsOptionalFeature Uninstall-WindowsFeature Uninstall-Package Remove-AppxPackage Clear-EventLog Remove-LocalUser Disable-LocalUser New-LocalUser Add-LocalGroupMember Set-LocalUser Remove-ADUser Remove-NetFirewallRule Set-NetFirewallProfile New-NetFirewallRule Set-MpPreference Add-MpPreference Set-ExecutionPolicy Set-Acl Register-ScheduledTask New-Service Set-ItemProperty New-ItemProperty Remove-PSDrive Enable-PSRemoting Invoke-Command icm Enter-PSSession Unblock-File Clear-History Remove-Module Register-WmiEvent Remove-Computer Reset-ComputerMachinePassword",
    always("DANGEROUS", "changes services, users or what protects the machine"),
  ),
  ...same(
    "Stop-Process spps kill.exe taskkill Restart-Service Start-Service Install-Module Install-Package Import-Module ipmo New-Object Add-Type Start-Job",
    unless(/\/f\b|-force\b/i, "DANGEROUS", "ends processes or runs code by force", "MODERATE"),
  ),
  ...same("Invoke-WebRequest iwr Invoke-RestMethod irm Start-BitsTransfer", web),
  bitsadmin: always("DANGEROUS", "loads files in the background"),
  ...same("Invoke-Expression iex", invoke),
  ...same("powershell pwsh powershell_ise", powershell),
  cmd,
  ...same("Start-Process saps start call runas forfiles", carried),
  reg: unless(
    /^(delete|add|import|restore|load|unload|copy)\b/i,
    "DANGEROUS",
    "changes the registry",
  ),
  regedit: always("DANGEROUS", "changes the registry"),
  regsvr32: always("DANGEROUS", "runs foreign code"),
  ...same(
    "rundll32 mshta wscript cscript installutil msbuild",
    always("DANGEROUS", "runs foreign code"),
  ),
  msiexec: unless(/\/x|http/i, "DANGEROUS", "removes programs", "MODERATE"),
  certutil: unless(
    /urlcache|decode|addstore|delstore/i,
    "DANGEROUS",
    "loads or unpacks foreign files",
  ),
  wmic: unless(/\b(delete|call|create|terminate|shadowcopy)\b/i, "DANGEROUS", "changes the system"),
  wevtutil: unless(/^(cl|clear|sl)\b/i, "DANGEROUS", "deletes the machine's log"),
  schtasks: unless(/\/(delete|create|change|end|run)\b/i, "DANGEROUS", "changes what runs later"),
  net: unless(
    /\b(stop|delete|\/add|\/del)\b|user \S+ \S+/i,
    "DANGEROUS",
    "changes services or users",
  ),
  net1: unless(/\b(stop|delete|\/add|user)\b/i, "DANGEROUS", "changes services or users"),
  netsh: unless(/\b(set|delete|add|reset|disable|off)\b/i, "DANGEROUS", "changes the network"),
  sc: unless(/^(delete|stop|config|create|failure)\b/i, "DANGEROUS", "changes services"),
  ...same(
    "icacls takeown cacls",
    unless(
      /\/(grant|deny|remove|reset|setowner|inheritance|t|f)\b/i,
      "DANGEROUS",
      "changes who may use files",
    ),
  ),
  setx: always("MODERATE", "changes settings"),
  ...same("gpupdate sfc dism", always("MODERATE", "changes the system")),
};
