/**
 * What a request asks for, as four bits: the form in which access travels through the data plane.
 *
 * Kernel: include/linux/iommu.h, IOMMU_FAULT_PERM_READ, _WRITE, _EXEC, _PRIV.
 */
import type { Access } from '../core/page-request.ts';

export const ACCESS_READ = 1;
export const ACCESS_WRITE = 2;
export const ACCESS_EXEC = 4;
export const ACCESS_PRIVILEGED = 8;

export const accessBits = (access: Access): number =>
  (access.read ? ACCESS_READ : 0) |
  (access.write ? ACCESS_WRITE : 0) |
  (access.exec ? ACCESS_EXEC : 0) |
  (access.privileged ? ACCESS_PRIVILEGED : 0);

export const accessOf = (accessBits: number): Access => ({
  read: (accessBits & ACCESS_READ) !== 0,
  write: (accessBits & ACCESS_WRITE) !== 0,
  exec: (accessBits & ACCESS_EXEC) !== 0,
  privileged: (accessBits & ACCESS_PRIVILEGED) !== 0,
});
