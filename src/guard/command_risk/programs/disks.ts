/**
 * Programs that change disks, volumes and file systems.
 * @module
 */
import { isUnknown, type Rule } from "../court.ts";
import { optionsOf } from "../options.ts";
import { judgeWrite } from "../writing.ts";
import { always, onlyIf, same, unless } from "./simple_rules.ts";

const mkfs: Rule = (call, court) => {
  const options = optionsOf(call.words.slice(1), "-t -L -U -b -i -I -E -O -T -m -n -F -s");
  const device = options.operands.some((word) => word.startsWith("/dev/") || isUnknown(word));
  court.raise(device ? "FORBIDDEN" : "DANGEROUS", "makes a new file system over what is there");
};

const mount: Rule = (call, court) => {
  if (call.words.length < 2 || call.words.includes("-l")) return;
  court.raise("MODERATE", "mounts a file system");
  for (const word of call.words.slice(1)) {
    if (word.startsWith("/dev/") && call.words.includes("--bind")) {
      judgeWrite(word, call.scope, court);
    }
  }
};

const disk: Rule = (call, court) => {
  const verb = call.words.slice(1).find((word) => !word.startsWith("-")) ?? "list";
  if (
    /^(list|info|apfs|activity|cs|appleraid)$/i.test(verb) &&
    !call.words.some((word) => /^(delete|erase)/i.test(word))
  ) return;
  court.raise(
    /erase|zero|random|partition|reformat|secure|delete/i.test(call.words.join(" "))
      ? "FORBIDDEN"
      : "DANGEROUS",
    "changes a disk",
  );
};

const volume = always("DANGEROUS", "changes disks or volumes");
const wipes = always("FORBIDDEN", "destroys what a disk holds");
const lookingVolume = always("SAFE", "");

/** Rules by program. */
export const DISKS: Readonly<Record<string, Rule>> = {
  ...same("mkfs mkswap newfs mke2fs mkntfs mkdosfs mkexfatfs", mkfs),
  ...same("wipefs blkdiscard hdparm nwipe badblocks", (call, court) => {
    const looks = call.words.every((word) =>
      !word.startsWith("-") || /^-[nIigtTv]+$|^--no-act$/.test(word)
    ) && call.words.some((word) => /^-[nIigtTv]/.test(word));
    if (!looks) wipes(call, court);
  }),
  ...same(
    "fdisk gdisk sfdisk sgdisk cfdisk parted partprobe resize2fs tune2fs e2fsck fsck xfs_repair btrfstune debugfs dumpe2fs growpart kpartx",
    unless(/^(?!-l$|--list$|print$|-n$)/, "DANGEROUS", "changes disks or volumes"),
  ),
  ...same(
    "pvremove vgremove lvremove lvreduce vgreduce pvmove lvresize pvresize vgcreate lvcreate pvcreate vgextend lvextend lvconvert vgcfgrestore cryptsetup dmsetup losetup swapoff swapon efibootmgr grub-install update-grub flashrom fwupdmgr nvme",
    volume,
  ),
  ...same("pvs vgs lvs pvdisplay vgdisplay lvdisplay pvscan vgscan lvscan", lookingVolume),
  mdadm: onlyIf(/^(--detail|-D|--examine|-E|--query|-Q)$/, "DANGEROUS", "changes disks or volumes"),
  ...same(
    "zfs zpool btrfs bcachefs",
    onlyIf(
      /^(list|get|status|iostat|history|show|version|df|usage)$/,
      "DANGEROUS",
      "changes disks or volumes",
    ),
  ),
  diskutil: disk,
  hdiutil: unless(
    /^(erase|convert|resize|create|burn|compact)/,
    "DANGEROUS",
    "changes a disk",
    "MODERATE",
  ),
  mount,
  umount: always("MODERATE", "unmounts a file system"),
  fstrim: always("MODERATE", "tidies a disk"),
  tmutil: unless(
    /^(delete|disable|removedestination|deletelocalsnapshots|thinlocalsnapshots|inheritbackup)/,
    "DANGEROUS",
    "deletes backups",
    "MODERATE",
  ),
  quotaoff: always("DANGEROUS", "changes quotas"),
};
