/**
 * Which packages may be named, and which are left alone: what a machine needs to start, to be logged in to,
 * and to repair itself.
 * @module
 */
import { SystemError } from "./system_error.ts";

/** A package manager. */
export type ManagerName = "apt" | "dnf" | "pacman" | "brew" | "winget";

/** No option, path, address, version, pattern or order such as `name-` (remove it) fits these. */
const NAMES: Readonly<Record<ManagerName, RegExp>> = {
  apt: /^[a-z0-9](?:[a-z0-9.+-]{0,98}[a-z0-9+])$/,
  dnf: /^[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,98}[A-Za-z0-9+])?$/,
  pacman: /^[a-z0-9](?:[a-z0-9._+-]{0,98}[a-z0-9+])?$/,
  brew: /^[a-z0-9](?:[a-z0-9._+@-]{0,98}[a-z0-9+])?$/,
  winget: /^[A-Za-z0-9][A-Za-z0-9_+-]*(?:\.[A-Za-z0-9_+-]+){1,7}$/,
};
const NAMES_LIMIT = 10;
const UNITS_LIMIT = 100;

/** Neither installed nor removed here: the kernel, the C library, start-up, rights, the manager itself. */
const CORE = [
  "linux(?:$|-.*)",
  "kernel(?:$|-.*)",
  "glibc.*|musl.*|libc6?|libc-bin|libgcc.*|gcc-libs|libstdc\\+\\+.*|ld-linux.*",
  "systemd.*|libsystemd.*|udev|libudev.*|init|init-system-helpers|sysvinit.*|openrc|runit.*|dbus.*",
  "sudo.*|doas|opendoas|polkit.*|policykit.*|libpolkit.*|pam|libpam.*|shadow.*|passwd|login",
  "bash|dash|base-files|base-passwd|base|filesystem|setup|coreutils|util-linux.*|busybox.*",
  "apt|apt-utils|libapt-pkg.*|dpkg.*|debianutils|debconf|debian-archive-keyring|ubuntu-keyring",
  "dnf.*|libdnf.*|yum|rpm|rpm-libs|librpm.*|fedora-release.*|redhat-release.*",
  "pacman.*|archlinux-keyring|brew|homebrew.*",
  "grub.*|shim.*|systemd-boot.*|efibootmgr|mkinitcpio|dracut.*|initramfs-tools.*",
  "bubblewrap|pyra",
  "microsoft\\.(?:appinstaller|desktopappinstaller|winget.*|ui\\.xaml.*|vclibs.*|powershell)",
];
/** Not removed here: the person's way in, the network, and what draws the screen. */
const KEPT = [
  "mount|e2fsprogs.*|btrfs-progs|xfsprogs|lvm2|mdadm|cryptsetup.*|openssl|libssl.*|ca-certificates.*",
  "openssh.*|network-?manager.*|netplan.*|ifupdown|iproute2?|wpasupplicant|wpa_supplicant|iwd|dhcpcd.*",
  "isc-dhcp-client|firewalld|ufw|nftables|iptables|apparmor|selinux.*|libselinux.*|flatpak|snapd",
  "gnome-shell|gnome-session.*|gdm3?|mutter|kwin.*|plasma-(?:desktop|workspace).*|sddm|lightdm.*|lxdm",
  "xfce4(?:$|-session|-panel)|xfwm4|xfdesktop4|cinnamon(?:$|-session)|mate-session-manager|lxqt-session",
  "lxsession|sway|hyprland|budgie-desktop|xorg.*|xserver-xorg.*|xwayland.*|libwayland.*|wayland|mesa.*",
  "(?:ubuntu|kubuntu|xubuntu|lubuntu)-desktop.*|task-.*|desktop-base|pipewire.*|pulseaudio",
  "python3(?:-minimal)?|libpython3.*|perl-base",
  "microsoft\\.(?:edge.*|windowsterminal.*|vcredist.*|dotnet\\.(?:runtime|desktopruntime).*|onedrive)",
];
const isCore = matcher(CORE);
const isKept = matcher(KEPT);

function matcher(patterns: readonly string[]): RegExp {
  return new RegExp(`^(?:${patterns.join("|")})$`, "i");
}

/** Whether a package is one that this plugin never takes away. */
export function isProtected(name: string): boolean {
  // Some managers tell it with its architecture.
  const bare = name.replace(/:[a-z0-9]+$/, "");
  return isCore.test(bare) || isKept.test(bare);
}

/** The names of a call. @throws {SystemError} `bad_name`, `protected` */
export function checkedNames(
  given: unknown,
  manager: ManagerName,
  action: "install" | "remove",
): string[] {
  const most = manager === "winget" ? 1 : NAMES_LIMIT;
  const list = Array.isArray(given) ? [...new Set(given)] : [];
  if (list.length === 0 || list.length > most) {
    const count = most === 1 ? "one package" : `1 to ${most} packages`;
    throw new SystemError("bad_name", `names lists ${count} at a time`);
  }
  return list.map((name) => {
    if (typeof name !== "string" || name.length > UNITS_LIMIT || !NAMES[manager].test(name)) {
      const shown = JSON.stringify(String(name).slice(0, 40));
      const how = manager === "winget" ? "an id such as Publisher.Name" : "its plain name";
      throw new SystemError("bad_name", `${shown} is no package of ${manager}; give ${how}`);
    }
    const refuses = action === "remove" ? isProtected : (one: string) => isCore.test(one);
    if (!refuses(name)) return name;
    throw new SystemError(
      "protected",
      `${name} belongs to what this machine runs on, and is not ${action}d here; the person can do that ` +
        "themselves in a terminal",
    );
  });
}

/** The words of a search. @throws {SystemError} `bad_input` */
export function searchWords(given: unknown): string[] {
  const text = typeof given === "string" ? given.trim() : "";
  if (/^[\p{L}\p{N}][\p{L}\p{N} .+_-]{0,79}$/u.test(text)) return text.split(/ +/).slice(0, 4);
  throw new SystemError("bad_input", "query has a few words: letters, digits, . + _ and -");
}
