/**
 * Iommufd error: what an iommufd system call answers when it refuses, with the reason in words.
 */

/** Linux's names; the number is in ERRNO. */
export type IommufdErrno = keyof typeof ERRNO;

/** As include/uapi/asm-generic/errno-base.h and errno.h number them. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  E2BIG: 7,
  EBADF: 9,
  ENOMEM: 12,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENOTTY: 25,
  ENOSPC: 28,
  ESPIPE: 29,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
  EADDRINUSE: 98,
} as const;

export class IommufdError extends Error {
  override readonly name = 'IommufdError';
  readonly errno: IommufdErrno;
  readonly reason: string;

  constructor(errno: IommufdErrno, reason: string) {
    super(`${errno}: ${reason}`);
    this.errno = errno;
    this.reason = reason;
  }
}

/** @throws IommufdError always. */
export function refuse(errno: IommufdErrno, reason: string): never {
  throw new IommufdError(errno, reason);
}

/** @throws IommufdError when `condition` holds. */
export function refuseIf(condition: boolean, errno: IommufdErrno, reason: string): void {
  if (condition) throw new IommufdError(errno, reason);
}
