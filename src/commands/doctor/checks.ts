/**
 * Everything that is looked at, in the order in which it is told.
 * @module
 */
import { DAEMON_CHECK } from "./checks/daemon_check.ts";
import type { Check } from "./finding.ts";
import { MEMORY_CHECK } from "./checks/memory_check.ts";
import { CONFIG_CHECK, KEYS_CHECK, VAULT_CHECK } from "./checks/settings_checks.ts";
import { LOGS_CHECK } from "./checks/logs_check.ts";
import { MCP_CHECK, PLUGINS_CHECK } from "./checks/plugin_checks.ts";
import { CLOCK_CHECK, TERMINAL_CHECK, VERSION_CHECK } from "./checks/machine_checks.ts";
import { DISK_CHECK, FILES_CHECK, FOLDER_CHECK, LEFT_CHECK } from "./checks/profile_checks.ts";
import { PROVIDER_CHECK } from "./checks/provider_check.ts";
import { SANDBOX_CHECK } from "./checks/sandbox_check.ts";
import { SCHEDULES_CHECK } from "./checks/schedules_check.ts";
import { SERVICE_CHECK } from "./checks/service_check.ts";
import { SESSIONS_CHECK } from "./checks/sessions_check.ts";
import { USAGE_CHECK } from "./checks/usage_check.ts";

/** The checks. */
export const CHECKS: readonly Check[] = [
  VERSION_CHECK,
  FOLDER_CHECK,
  FILES_CHECK,
  LEFT_CHECK,
  DISK_CHECK,
  CLOCK_CHECK,
  CONFIG_CHECK,
  VAULT_CHECK,
  KEYS_CHECK,
  PROVIDER_CHECK,
  MEMORY_CHECK,
  USAGE_CHECK,
  SESSIONS_CHECK,
  LOGS_CHECK,
  PLUGINS_CHECK,
  MCP_CHECK,
  SANDBOX_CHECK,
  DAEMON_CHECK,
  SERVICE_CHECK,
  SCHEDULES_CHECK,
  TERMINAL_CHECK,
];
