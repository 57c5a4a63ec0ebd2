/**
 * Spec sections: where the behaviour that an operation shows is written down, by document, section and observation.
 */

const IOMMUFD = '06-iommufd';

const SECTIONS: { readonly [operation: string]: string } = {
  ioas_alloc: `${IOMMUFD} section 1`,
  ioas_map: `${IOMMUFD} section 2`,
  ioas_unmap: `${IOMMUFD} section 2, observation 35`,
  ioas_copy: `${IOMMUFD} section 2`,
  iova_ranges: `${IOMMUFD} section 2`,
  check_map: `${IOMMUFD} section 2`,
  mock_domain: `${IOMMUFD} section 5, observations 25 and 28`,
  replace: `${IOMMUFD} section 5, observations 9 to 12 and 21 to 26`,
  pasid_attach: `${IOMMUFD} section 5, observations 21 to 26`,
  pasid_replace: `${IOMMUFD} section 5, observations 9 to 12 and 21 to 26`,
  pasid_detach: `${IOMMUFD} section 5, observations 9, 10 and 17`,
  pasid_check: `${IOMMUFD} section 5`,
  fault_alloc: `${IOMMUFD} section 6`,
  hwpt_alloc: `${IOMMUFD} section 4, observation 27`,
  iopf: '01-iopf-core section 4, observations 1 to 3 and 18 to 20',
  fread: `${IOMMUFD} section 6 (read), observations 4 and 5`,
  fwrite: `${IOMMUFD} section 6 (write), observations 6 and 7`,
  poll: `${IOMMUFD} section 6 (poll), observation 8`,
  close: `${IOMMUFD} section 6 (release), observations 15 and 16`,
  close_ctx: `${IOMMUFD} section 1, observation 16`,
  destroy: `${IOMMUFD} section 1, observations 29 and 30`,
  viommu_alloc: `${IOMMUFD} section 8`,
  vdevice_alloc: `${IOMMUFD} section 8, observation 31`,
  hwpt_invalidate: `${IOMMUFD} section 7, observation 34`,
  viommu_invalidate: `${IOMMUFD} section 7, observation 34`,
  iotlb: `${IOMMUFD} section 7`,
  cache: `${IOMMUFD} section 7`,
  veventq_alloc: `${IOMMUFD} section 9, observation 32`,
  trigger_vevent: `${IOMMUFD} section 9, observation 33`,
  vread: `${IOMMUFD} section 9, observation 32`,
  hw_queue_alloc: `${IOMMUFD} section 8, observation 35`,
  set_dirty: `${IOMMUFD} section 4`,
  hw_info: `${IOMMUFD} section 3`,
  end: `${IOMMUFD} section 1, observations 10 and 16`,
};

/** As `conform` names it; operations of the file come with the whole of the document. */
export const specSection = (operation: string): string => SECTIONS[operation] ?? IOMMUFD;
