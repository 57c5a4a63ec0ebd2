/**
 * Ownership races: default domains under live DMA, and the order in which an emulator resets (sections 1E and 1G).
 */
import { defaultSwitch, lateDefault, viommuReset } from '../explore/tags/scenarios.ts';
import { breaks, type Race } from './race.ts';

export const OWNERSHIP_RACES: readonly Race[] = [
  {
    id: 'default-domain-under-live-dma',
    title: 'a default domain arrives under a driver that has already mapped buffers without one',
    reference: 'b46064a18810',
    grade: 'A',
    properties: ['S16'],
    depth: 2,
    smallest: '1/0/0/2',
    status: 'modelled',
    experiments: [breaks('S16', lateDefault, ['probe-without-domain'])],
  },
  {
    id: 'identity-switch-keeps-mappings',
    title: 'a switch of default domains is tolerable only between two that map alike',
    reference: 'review thread on the AMD attach path, Feb 2022',
    grade: 'C',
    properties: ['S16'],
    depth: 2,
    smallest: '-',
    status: 'modelled',
    experiments: [breaks('S16', defaultSwitch, ['switch-to-translating'])],
  },
  {
    id: 'qemu-viommu-reset-first',
    title: 'a system reset resets the virtual IOMMU while devices behind it still do DMA',
    reference: 'QEMU series on the vIOMMU reset order, v3, Feb 2025',
    grade: 'A',
    properties: ['S21'],
    depth: 2,
    smallest: '1/0/0/2',
    status: 'modelled',
    experiments: [breaks('S21', viommuReset, ['viommu-reset-first'])],
  },
];
