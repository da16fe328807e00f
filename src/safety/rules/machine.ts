// Long because it is data: one row a rule.
import type { Rule } from '../rule.ts';
import { rulesFor } from '../rule.ts';

const disks = rulesFor('disks');
const permissions = rulesFor('permissions');
const processes = rulesFor('processes');
const power = rulesFor('power');
const services = rulesFor('services');
const network = rulesFor('network');
const users = rulesFor('users');
const system = rulesFor('system');

const OVERWRITES = 'Overwrites or reshapes a disk.';
/** The disk of a test in the temporary folder: a file like any other. */
const IMAGE = /(?:^|\s)\/(?:var\/)?tmp\/\S+$/;
const SETTING = "Changes the machine's own settings.";

/** The machine below the project. */
export const MACHINE_RULES: readonly Rule[] = [
  disks.found('raw', 'deny', 'Writes to a raw disk: every file on it can be lost.'),
  disks.deny(
    'format-device',
    {
      programs: 'mkfs mke2fs newfs mkswap mkdosfs mkntfs wipefs blkdiscard sgdisk shred',
      operand: /^\/dev\/(?!null|zero|stdout|stderr)/,
      unless: '-n --no-act -p --print -l',
    },
    'Formats a disk: every file on it is lost.',
  ),
  disks.ask(
    'format',
    {
      programs: 'mkfs mke2fs newfs mkswap mkdosfs mkntfs mkudffs',
      unless: '-n --no-act',
      except: new RegExp(`^-V+$|${IMAGE.source}`),
    },
    OVERWRITES,
  ),
  disks.ask(
    'partition',
    {
      programs: 'fdisk sfdisk cfdisk gdisk sgdisk cgdisk parted gparted partprobe',
      unless: '-l --list -p --print -d --dump -V',
      except: new RegExp(`\\bprint(?:\\s|$)|^-[lp]\\b|${IMAGE.source}`),
    },
    OVERWRITES,
  ),
  disks.ask(
    'wipe',
    {
      programs: 'wipefs blkdiscard badblocks hdparm',
      except: /^(?:-n|--no-act|-[iItTC]+|\/dev\/\w+)(?: |$)(?!-[awf])/,
    },
    OVERWRITES,
  ),
  disks.ask('nvme', { programs: 'nvme', operand: /^(?:format|sanitize|delete-ns|write\S*|reset|dsm)$/ }, OVERWRITES),
  disks.ask(
    'crypt',
    {
      programs: 'cryptsetup',
      operand:
        /^(?:luks(?:Format|Erase|RemoveKey|KillSlot|Close|HeaderRestore|ChangeKey|AddKey|Open)|open|resize|erase|reencrypt|close|remove|format)$/i,
    },
    OVERWRITES,
  ),
  disks.ask(
    'volumes',
    {
      programs: 'pvcreate vgcreate lvremove vgremove pvremove lvreduce vgreduce lvresize pvmove vgcfgrestore lvconvert',
    },
    OVERWRITES,
  ),
  disks.ask(
    'raid',
    { programs: 'mdadm', flags: '--zero-superblock --stop --remove --fail --create -S -r -f -C' },
    OVERWRITES,
  ),
  disks.ask(
    'zfs',
    {
      programs: 'zpool zfs',
      operand: /^(?:destroy|labelclear|rollback|offline|detach|remove|replace|create|split|export|upgrade)$/,
      unless: '-n',
    },
    OVERWRITES,
  ),
  disks.ask(
    'btrfs',
    {
      programs: 'btrfs bcachefs xfs_admin',
      text: /\b(?:subvolume delete|device (?:delete|remove)|filesystem resize|check --repair|rescue|balance start|set-default)\b/,
    },
    OVERWRITES,
  ),
  disks.ask('mapper', { programs: 'dmsetup losetup', flags: '-d -D --detach --detach-all' }, OVERWRITES),
  disks.ask('mapper-remove', { programs: 'dmsetup', operand: /^(?:remove|remove_all|wipe_table|clear)$/ }, OVERWRITES),
  disks.ask(
    'mount',
    { programs: 'umount unmount swapoff mount', text: /\S/, except: /^(?:-l|-h|-V|--show-labels|-t \S+|--list)$/ },
    'Takes a file system away or puts one in place.',
  ),
  disks.ask(
    'repair',
    {
      programs: 'e2label fsck e2fsck xfs_repair ntfsfix tune2fs resize2fs debugfs',
      except: /(?:^|\s)-[nNV]+(?:\s|$)|^-l /,
    },
    OVERWRITES,
  ),
  disks.ask(
    'block-device',
    { programs: 'blockdev', flags: '--setro --setrw --flushbufs --rereadpt --setra --setfra --setbsz' },
    'Changes how a disk may be used.',
  ),
  disks.ask('restore', { programs: 'restore', text: /^-?\w*r/ }, OVERWRITES),
  disks.ask(
    'firmware',
    {
      programs:
        'esptool esptool.py avrdude dfu-util fastboot heimdall flashrom idevicerestore st-flash openocd bossac nrfjprog picotool rkdeveloptool teensy_loader_cli uf2conv.py',
      text: /(?:^|\s)(?:erase\S*|flash\S*|write\S*|format\S*|program|oem|recover|load|wipe\S*|--(?:erase\S*|eraseall|recover|program|write)|-[eEwWD]|-U)(?:\s|$)/i,
      except: /(?:^|\s)(?:-l|--list|--help|--version|read_\S*|devices|getvar \S+)(?:\s|$)/,
    },
    'Overwrites what a device runs.',
  ),
  disks.ask('wipe-tools', { programs: 'nwipe sg_format sg_sanitize', except: /--help|--version/ }, OVERWRITES),
  disks.ask(
    'controllers',
    {
      programs: 'storcli storcli64 perccli megacli sas2ircu sas3ircu arcconf ssacli hpssacli mdcfg tw_cli',
      text: /(?:^|\s)(?:del|delete|erase|clear|init|-cfg(?:ld|each)?\w*del|-CfgClr|set jbod)(?:\s|$)/i,
    },
    OVERWRITES,
  ),
  disks.ask(
    'mac',
    {
      programs: 'diskutil',
      operand:
        /^(?:erase\w*|zeroDisk|secureErase|partition\w*|reformat|unmount\w*|eject|randomDisk|deleteContainer|deleteVolume|mergePartitions|resizeVolume|apfs|cs|coreStorage|ar|appleRAID|umount)$/i,
      except: /^apfs list/,
    },
    OVERWRITES,
  ),
  disks.ask(
    'mac-images',
    { programs: 'hdiutil', operand: /^(?:erase|eraseKeys|burn|resize|compact|detach|eject|unmount)\w*$/ },
    OVERWRITES,
  ),
  disks.ask(
    'mac-backup',
    { programs: 'tmutil', operand: /^(?:delete|deletelocalsnapshots|thinlocalsnapshots|disable|removedestination)$/ },
    'Removes backups.',
  ),
  disks.ask(
    'windows',
    {
      programs:
        'diskpart clear-disk format-volume initialize-disk remove-partition new-partition set-disk resize-partition repair-volume',
    },
    OVERWRITES,
  ),
  disks.ask('windows-format', { programs: 'format chkdsk convert label', operand: /^[a-z]:/i }, OVERWRITES),
  disks.ask('windows-wipe', { programs: 'cipher', text: /\/w\b/i }, OVERWRITES),
  disks.ask(
    'windows-shadow',
    { programs: 'vssadmin wbadmin wmic fsutil', text: /\b(?:delete|resize|shadowcopy|deletejournal|setzerodata)\b/i },
    'Removes backups.',
  ),

  permissions.ask(
    'open',
    {
      programs: 'chmod',
      operand: /^0?[0-7]?[0-7]?[0-7][2367]$|(?:^|,)[ugo]*[ao][ugo]*[+=][rxXst]*w|(?:^|,)=[rwx]*w[rwx]*$/,
    },
    'Lets everybody change the file.',
    'Give only what is needed, such as u+x.',
  ),
  permissions.ask(
    'setuid',
    { programs: 'chmod', operand: /^[246][0-7]{3}$|^[0-7]?[4-7][0-7]{3}$|^[ugoa]*[+=][rwxXt]*s/ },
    'Lets a program run with the rights of its owner.',
  ),
  permissions.ask(
    'lock-out',
    {
      programs: 'chmod',
      operand: /^0?000$|^0$|^a?[-=](?:rwx|r)?$|^a-[rwx]+$|^-[rwx]+$|^u?go?-rwx$|^ugo-rwx$/,
      flags: '-R --recursive',
    },
    "Takes everybody's rights away.",
  ),
  permissions.ask(
    'lock-out-all',
    { programs: 'chmod', operand: /^0?000$|^a-rwx$|^ugo-rwx$/ },
    "Takes everybody's rights away.",
  ),
  permissions.ask(
    'owner',
    {
      programs: 'chown chgrp',
      flags: '-R --recursive',
      except: /^(?:-\S+ )*\S+(?: \/(?:var\/)?tmp\/[\w./-]+)+$/,
    },
    'Gives a whole folder to somebody else.',
    'Name the files.',
  ),
  permissions.ask(
    'attributes',
    { programs: 'chattr setfacl setcap icacls takeown cacls xcacls', except: /^\S+ \/(?:t|save)$/ },
    'Changes who may do what.',
  ),

  processes.deny('fork-bomb-text', { programs: '%0 fork-bomb' }, 'Starts copies of itself until the machine stops.'),
  processes.found('fork-bomb', 'deny', 'Starts copies of itself until the machine stops.'),
  processes.ask(
    'kill-hard',
    { programs: 'kill', operand: /^-(?:9|KILL|SIGKILL|STOP|SIGSTOP|19)$/i },
    'Ends a process at once, with whatever it was writing.',
    'Use kill without -9.',
  ),
  processes.ask(
    'kill-hard-flag',
    { programs: 'kill', text: /(?:^|\s)-(?:9|KILL|SIGKILL)\b|(?:-s|--signal|-n)[= ]?(?:9|KILL|SIGKILL)\b/i },
    'Ends a process at once, with whatever it was writing.',
    'Use kill without -9.',
  ),
  processes.ask(
    'kill-found',
    { programs: 'kill', text: /(?:\$\(|`)\s*(?:sudo )?(?:pgrep|pidof|lsof|ps|fuser|ss|netstat)\b|(?:^|\s)…(?:\s|$)/ },
    'Ends whatever a search finds, whoever started it.',
    'End the process by its number.',
  ),
  processes.ask('kill-parent', { programs: 'kill', text: /\$\{?PPID\b/ }, 'Ends nex itself.'),
  processes.ask(
    'kill-all',
    {
      programs: 'kill',
      text: /(?:^|\s)(?:--\s+)?-1(?:\s|$)(?!\d)|(?:^|\s)(?:0|1)$/,
      except: /^-1 \d{2,}$|^-(?:0|l)\b/,
    },
    'Ends every process of the user, or the first one of the machine.',
  ),
  processes.ask(
    'kill-named',
    { programs: 'pkill killall killall5 skill xkill pkexec-kill', unless: '-l --list -0' },
    'Ends every process of that name, whoever started it.',
    'End the process by its number.',
  ),
  processes.ask('fuser', { programs: 'fuser', flags: '-k --kill' }, 'Ends every process that uses a file or port.'),
  processes.ask('windows', { programs: 'taskkill stop-process spps tskill' }, 'Ends processes.'),
  processes.ask(
    'sessions',
    { programs: 'tmux screen', operand: /^(?:kill-server|kill-session|quit)$/ },
    'Ends sessions with all that runs in them.',
  ),
  processes.found('endless', 'ask', 'Fills the disk: what it writes never ends.'),
  processes.ask('limits', { programs: 'stress stress-ng', text: /./ }, 'Loads the machine on purpose.'),

  power.ask(
    'off',
    {
      programs: 'shutdown reboot halt poweroff telinit kexec stop-computer restart-computer',
      except: /^(?:-c|--help|\/a|-k)$/,
    },
    'Stops or restarts the machine.',
  ),
  power.ask(
    'remote-power',
    {
      programs: 'ipmitool ipmi-power racadm redfishtool',
      text: /\bpower (?:off|cycle|reset|soft|down|graceful)|\b(?:powerdown|powercycle|hardreset)\b|--(?:off|cycle|reset)\b/i,
    },
    'Stops or restarts a machine.',
  ),
  power.ask(
    'sleep',
    { programs: 'rtcwake', unless: '-n --dry-run', except: /-m (?:no|show|disable)\b/ },
    'Stops the machine.',
  ),
  power.ask(
    'devices',
    { programs: 'adb fastboot', sub: /^(?:reboot|root|remount|disable-verity)\b/ },
    'Restarts or opens a device.',
  ),
  power.ask('init', { programs: 'init', operand: /^[0156sS]$/ }, 'Stops or restarts the machine.'),
  power.ask(
    'systemctl',
    {
      programs: 'systemctl loginctl',
      operand:
        /^(?:reboot|poweroff|halt|suspend|hibernate|hybrid-sleep|kexec|rescue|emergency|soft-reboot|exit|default|terminate-\w+|kill-\w+)$/,
    },
    'Stops or restarts the machine.',
  ),
  power.ask(
    'mac',
    { programs: 'pmset', operand: /^(?:sleepnow|displaysleepnow|restoredefaults)$/ },
    'Stops the machine.',
  ),
  power.ask(
    'script',
    { programs: 'osascript', text: /\b(?:shut down|restart|log out|sleep|empty(?: the)? trash|erase|delete)\b/i },
    'Stops the machine or removes files.',
  ),

  services.ask(
    'systemctl',
    {
      programs: 'systemctl',
      operand:
        /^(?:stop|disable|mask|restart|try-restart|reload-or-restart|kill|isolate|revert|set-property|edit|set-default|daemon-reexec|preset-all|clean|freeze)$/,
    },
    'Stops or changes a service of the machine.',
  ),
  services.ask(
    'service',
    { programs: 'service rc-service invoke-rc.d', operand: /^(?:stop|restart|force-reload|force-stop|zap)$/ },
    'Stops a service of the machine.',
  ),
  services.ask(
    'init-script',
    {
      programs:
        'nginx apachectl apache2ctl httpd pg_ctl pg_ctlcluster supervisorctl initctl svcadm sv rcctl caddy haproxy monit',
      text: /(?:^|\s)(?:stop|shutdown|graceful-stop|quit|-s[ft]|-s (?:stop|quit)|-k (?:stop|graceful-stop)|disable|down|remove|restart|kill|clear)(?:\s|$)/,
    },
    'Stops a service of the machine.',
  ),
  services.ask(
    'launchctl',
    { programs: 'launchctl', operand: /^(?:unload|remove|bootout|disable|kill|stop|reboot|config)$/ },
    'Stops a service of the machine.',
  ),
  services.ask(
    'brew',
    { programs: 'brew', sub: /^services (?:stop|restart|kill|cleanup)\b/ },
    'Stops a service of the machine.',
  ),
  services.ask(
    'pm2',
    { programs: 'pm2 forever', operand: /^(?:delete|del|kill|stop|stopall|flush|unstartup|restart|cleardump)$/ },
    'Stops a service.',
  ),
  services.ask('servers', { programs: 'uwsgi', flags: '--stop --reload' }, 'Stops a service.'),
  services.ask(
    'mail',
    {
      programs: 'postsuper exim exim4 postqueue doveadm mailq',
      text: /(?:^|\s)(?:-d|-h|-r|-M(?:rm|g|f|ar)|expunge|altmove|purge|force-resync|mailbox delete|kick)(?:\s|$)/,
    },
    'Removes or stops messages of people.',
  ),
  services.ask(
    'windows',
    {
      programs: 'sc sc.exe net stop-service set-service restart-service remove-service suspend-service',
      text: /\b(?:stop|delete|config|disabled|failure)\b|-Name|^\w+$/i,
      except: /^(?:view|time|statistics|use|share|start|help)\b|^query/i,
    },
    'Stops or changes a service of the machine.',
  ),
  services.ask(
    'mysql',
    { programs: 'mysql.server postgresql rabbitmq-server-stop', operand: /^(?:stop|restart)$/ },
    'Stops a service of the machine.',
  ),

  network.ask(
    'firewall',
    { programs: 'iptables ip6tables ebtables arptables', unless: '-L --list -S --list-rules -C --check' },
    'Changes the firewall.',
  ),
  network.ask(
    'firewall-restore',
    { programs: 'iptables-restore ip6tables-restore nft-restore', unless: '-t --test' },
    'Changes the firewall.',
  ),
  network.ask(
    'nft',
    { programs: 'nft', text: /\b(?:flush|delete|add|insert|replace|reset|destroy|create)\b|(?:^|\s)(?:-f|--file)\b/ },
    'Changes the firewall.',
  ),
  network.ask(
    'ufw',
    {
      programs: 'ufw',
      operand: /^(?:disable|reset|delete|deny|allow|enable|reject|limit|default|insert|route|reload)$/,
      unless: '--dry-run',
    },
    'Changes the firewall.',
  ),
  network.ask(
    'firewall-cmd',
    {
      programs: 'firewall-cmd',
      text: /--(?:add|remove|reload|complete-reload|panic-on|set|change|new|delete|runtime-to-permanent|permanent)/,
      except: /^--(?:list|get|query|state)\S*$/,
    },
    'Changes the firewall.',
  ),
  network.ask(
    'pf',
    { programs: 'pfctl ipfw ipf', text: /(?:^|\s)(?:-[dFfe]+|flush|delete|add|-f)(?:\s|$)/ },
    'Changes the firewall.',
  ),
  network.ask(
    'interfaces',
    {
      programs: 'ip',
      text: /\b(?:link (?:set|del|delete|add)|addr(?:ess)? (?:add|del|delete|flush|replace)|a (?:add|del|flush)|route (?:add|del|delete|flush|replace|change)|r (?:add|del|flush)|rule (?:add|del|flush)|neigh\w* (?:flush|del|add)|netns (?:add|del|delete)|xfrm)\b/,
    },
    "Changes the machine's network.",
  ),
  network.ask('interfaces-old', { programs: 'ifdown ifup', text: /\S/ }, "Changes the machine's network."),
  network.ask(
    'interfaces-tools',
    { programs: 'ifconfig route arp', text: /\b(?:down|up|add|del|delete|flush|netmask|change|-d|-s)\b/ },
    "Changes the machine's network.",
  ),
  network.ask(
    'manager',
    {
      programs:
        'nmcli networksetup resolvectl netplan wg wg-quick openvpn tc ethtool iwconfig netsh nmtui airport scutil',
      text: /\b(?:delete|del|down|off|remove|modify|set\w*|-set\w+|apply|flush-caches|replace|add|reset|--set|disconnect|disable|-off|dns|domain|revert|llmnr)\b/i,
      except: /^(?:status|query|statistics|show|-?-?help)\b/,
    },
    "Changes the machine's network.",
  ),
  network.ask(
    'windows',
    {
      programs:
        'remove-netfirewallrule set-netfirewallprofile disable-netadapter new-netfirewallrule remove-netipaddress',
    },
    'Changes the firewall.',
  ),

  users.ask(
    'accounts',
    {
      programs:
        'useradd adduser userdel deluser usermod groupadd groupdel groupmod addgroup delgroup gpasswd passwd chpasswd chsh chfn vipw vigr newusers visudo sysadminctl newgidmap realm pw chage remove-localuser new-localuser add-localgroupmember set-localuser disable-localuser',
      except: /^-S(?:\s|$)|^--status/,
    },
    'Changes accounts or passwords.',
  ),
  users.ask(
    'directory',
    { programs: 'dscl', text: /(?:^|\s)-?(?:create|delete|append|passwd|change|merge)(?:\s|$)/ },
    'Changes accounts or passwords.',
  ),
  users.ask(
    'directories',
    {
      programs: 'ldapdelete ldapmodify ldapadd ldappasswd samba-tool ipa kcadm kcadm.sh kadmin kadmin.local dsmod dsrm',
      text: /\S/,
      except:
        /^(?:\S+ )?(?:get|list|show|find|search|status|ping|help|-h|--help|get_\S+|list_\S+|user (?:list|show))\b/,
    },
    'Changes accounts or passwords.',
  ),
  users.ask(
    'resets',
    {
      programs: '*',
      unknown: true,
      text: /(?:^|\s)(?:reset-admin-password|reset[-_]password|change[-_]password)(?:\s|$)/,
    },
    'Changes accounts or passwords.',
  ),
  users.ask(
    'reset-tools',
    { programs: 'elasticsearch-reset-password elasticsearch-users grafana-cli', text: /reset|-u\b|userdel|passwd/ },
    'Changes accounts or passwords.',
  ),
  users.ask(
    'windows',
    {
      programs: 'net',
      sub: /^(?:user|localgroup|accounts|group) \S/,
      text: /\/(?:add|delete|active|domain|times)|\*|^user \S+ \S/i,
    },
    'Changes accounts or passwords.',
  ),
  users.ask(
    'root-shell',
    {
      programs: 'sudo doas',
      text: /^(?:-\w*[ughpCDRTU] \S+ |--?[\w=-]+ |\w+=\S* )*(?:-\w*[is]\w*|--login|--shell)(?: |$)/,
    },
    'Opens a shell with all rights.',
  ),
  users.ask('su', { programs: 'su', except: /(?:^|\s)(?:-c|--command)/ }, 'Becomes somebody else.'),
  users.ask(
    'sudo-shell',
    { programs: 'sudo doas pkexec', sub: /^(?:\S+=\S* )*(?:su|bash|sh|zsh|fish|passwd|visudo)$/ },
    'Opens a shell with all rights.',
  ),

  system.ask(
    'kernel',
    {
      programs:
        'modprobe insmod rmmod depmod dkms grub-install update-grub grub2-mkconfig grub-mkconfig efibootmgr bootctl dracut mkinitcpio update-initramfs bcdedit bootrec csrutil spctl kextunload kextload setenforce semanage setsebool restorecon update-ca-certificates update-ca-trust ldconfig aa-teardown aa-disable aa-complain auditctl fwupdmgr',
      except: /^(?:-n|--dry-run|-v|status|--status|-l|list|-p|-D -n|get-\w+)$/,
    },
    SETTING,
  ),
  system.ask('firmware', { programs: 'nvram', text: /=|(?:^|\s)-\w*[dcfs]/ }, SETTING),
  system.ask(
    'encryption',
    { programs: 'fdesetup', operand: /^(?:disable|enable|remove|add|changerecovery|removerecovery|authrestart|sync)$/ },
    'Changes how a disk is encrypted.',
  ),
  system.ask(
    'sysctl',
    { programs: 'sysctl', text: /(?:^|\s)(?:-w|--write|-p|--load|--system)(?:\s|$|\/)|\w=\S/ },
    SETTING,
  ),
  system.ask(
    'clock',
    { programs: 'timedatectl hwclock hostnamectl localectl ntpdate', operand: /^(?:set-\S+|-w|revert)$/ },
    SETTING,
  ),
  system.ask('clock-set', { programs: 'date hwclock ntpdate', flags: '-s --set -w --systohc' }, SETTING),
  system.ask('hostname', { programs: 'hostname', text: /^[\w.-]+$/, except: /^-/ }, SETTING),
  system.ask(
    'defaults',
    {
      programs: 'defaults gsettings dconf',
      operand: /^(?:delete|write|import|rename|reset|reset-recursively|set|load)$/,
    },
    SETTING,
  ),
  system.ask(
    'mac-settings',
    {
      programs: 'tccutil profiles plutil softwareupdate systemsetup pmset',
      text: /^(?:reset|remove|-remove|renew|-i|-ia|--install|-set\w+|-R|-replace|-insert)(?:\s|$)|--restart\b/,
    },
    SETTING,
  ),
  system.ask(
    'snapshots',
    {
      programs: 'snapper timeshift cloud-init',
      text: /(?:^|\s)(?:delete|undochange|rollback|--delete\S*|--restore|clean)(?:\s|$)/,
    },
    'Removes or takes back states of the machine.',
  ),
  system.ask(
    'subsystem',
    { programs: 'wsl', flags: '--unregister --shutdown --terminate -t --import' },
    'Removes a Linux system with all that is in it.',
  ),
  system.ask('windows-variables', { programs: 'setx' }, SETTING),
  system.ask('mime', { programs: 'xdg-mime xdg-settings', operand: /^(?:default|install|uninstall|set)$/ }, SETTING),
  system.ask(
    'registry',
    {
      programs: 'reg regedit remove-itemproperty set-itemproperty new-itemproperty',
      text: /^(?:add|delete|import|restore|load|unload|copy)\b|\/s\b|HK(?:LM|CU)|^\S+\.reg$/i,
      except: /^(?:query|export|compare)\b/i,
    },
    SETTING,
  ),
  system.ask(
    'windows-policy',
    {
      programs:
        'set-executionpolicy set-mppreference add-mppreference disable-windowsoptionalfeature dism sfc uninstall-windowsfeature',
      except: /\/(?:scannow|verifyonly|checkhealth|scanhealth)|-Scope Process/i,
    },
    SETTING,
  ),
  system.ask('hidden', { programs: 'xattr', flags: '-d -c -r' }, 'Takes away marks that protect the machine.'),
];
