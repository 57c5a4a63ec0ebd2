/**
 * Iommufd rules: the points where iommufd of Linux 7.3, an older one, or a repaired one differ.
 *
 * Kernel: drivers/iommu/iommufd/main.c, eventq.c (fault.c before), device.c, viommu.c.
 *
 * Machines and worlds take them through input. The name after each field is its entry in the race catalogue.
 */

/** What a reader does when the caller's buffer can't be written. */
export type CopyFaultRule =
  /** Puts the group back and returns. */
  | 'restore-and-return'
  /** Puts it back and fetches it again. */
  | 'restore-and-retry'
  /** Forgets it. */
  | 'lose';

/** What a response table does about a cookie's next owner. */
export type CookieRule =
  /** The number alone names a group. */
  | 'number'
  /** A cookie also says which use of its number it is, so an old one is known for what it is. */
  | 'number-and-use';

export type IommufdRules = {
  /** fault-fd-abort-fput, fault-fd-double-put: when the file of a failed allocation is let go, and how often. */
  readonly failedFileRelease: 'before-abort' | 'after-abort' | 'twice';
  /** object-put-after-unlock: a put touches the object once more, after it has let it go. */
  readonly putTouchesObject: boolean;
  /** destroy-elevates-count: a user's destroy counts itself as a user while it looks. */
  readonly destroyCountsItself: boolean;
  /** fault-read-loses-group, fault-read-spins. */
  readonly onCopyFault: CopyFaultRule;
  /** fault-mutex-held-over-usercopy: what the reporting thread takes to append to a deliver list. */
  readonly deliverLock: 'spinlock' | 'mutex';
  /** fault-cookie-aba. */
  readonly cookies: CookieRule;
  /** vdevice-outlives-device: how a leaving device finds its vDEVICE. */
  readonly vdeviceFoundBy: 'pointer' | 'id';
  /** vmid-lifetime: a vIOMMU keeps its nesting parent, whose VMID it uses. */
  readonly viommuKeepsParent: boolean;
  /** vmid-lifetime: a nesting parent that comes to another unit brings its VMID along. */
  readonly vmidFollowsParent: boolean;
};

/** With the known defects repaired. */
export const IOMMUFD_REPAIRED: IommufdRules = {
  failedFileRelease: 'before-abort',
  putTouchesObject: false,
  destroyCountsItself: false,
  onCopyFault: 'restore-and-return',
  deliverLock: 'spinlock',
  cookies: 'number-and-use',
  vdeviceFoundBy: 'pointer',
  viommuKeepsParent: true,
  vmidFollowsParent: false,
};

/** Linux 7.3.4 as it is: all of them repaired but one. */
export const IOMMUFD_7_3: IommufdRules = { ...IOMMUFD_REPAIRED, cookies: 'number' };
