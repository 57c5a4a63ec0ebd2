/**
 * A VMM answers the faults of a device it has passed to a guest, over iommufd: reads them, maps the page if the guest
 * has it, and answers. When it takes the page table away with a fault unanswered, the kernel answers for it.
 *
 * Every address it maps must lie within the mock's aperture, which begins at 16 MiB.
 */
import { openIommufd } from 'stormdrain';

const PAGE = 0x1000n;

export function serve(guestPages: ReadonlySet<bigint>): string[] {
  const told: string[] = [];
  const iommufd = openIommufd({
    onPageResponse: ({ groupId, code }) => told.push(`group ${groupId}: ${code}`),
  });
  const ioas = iommufd.ioasAlloc();
  const device = iommufd.bindDevice(ioas);
  const faults = iommufd.faultQueueAlloc();
  const hwpt = iommufd.hwptAlloc(device, ioas, { faultQueue: faults });
  device.replace(hwpt);

  const answerAll = () => {
    while (faults.poll()) {
      const records = faults.read();
      const answers = records
        .filter(({ last }) => last)
        .map(({ cookie, groupId, address }) => {
          const pages = records.filter((each) => each.groupId === groupId);
          const isThere = pages.every((each) => guestPages.has(each.address));
          if (!isThere) return { cookie, code: 'invalid' as const };
          ioas.map({ userAddress: address, length: PAGE, iova: address });
          return { cookie, code: 'success' as const };
        });
      faults.write(answers);
    }
  };

  device.fault({ groupId: 1, address: 0x100_1000n });
  device.fault({ groupId: 2, address: 0x100_9000n });
  answerAll();
  device.fault({ groupId: 3, address: 0x100_2000n });
  const [unanswered] = faults.read();
  device.replace(ioas);
  told.push(`cookie ${unanswered?.cookie} was never written`);
  device.unbind();
  iommufd.close();
  return told;
}
