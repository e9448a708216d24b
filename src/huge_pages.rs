//! Large blocks of memory on large pages, as NumPy asks for its own arrays.
//!
//! What is dealt out to thousands of places needs thousands of pages of 4 KiB at hand, more than a processor remembers the
//! addresses of; of pages of 2 MiB it needs a few. Linux gives these to those who ask.

use std::alloc::{GlobalAlloc, Layout, System};

/// Blocks from this size on are worth a question to the system.
const LARGE: usize = 1 << 22;

/// The allocator of the system, which is told of large blocks.
pub(crate) struct HugePages;

// SAFETY: every call goes to the allocator of the system as it is, and advice does not change what memory holds.
unsafe impl GlobalAlloc for HugePages {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the promises that the system asks for.
        advised(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        advised(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        advised(unsafe { System.realloc(block, layout, size) }, size)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

/// The block; if it is large, after a request for large pages.
#[inline]
fn advised(block: *mut u8, size: usize) -> *mut u8 {
    #[cfg(target_os = "linux")]
    if size >= LARGE && !block.is_null() {
        const PAGE: usize = 1 << 16; // whole pages of any machine
        let start = block.addr().next_multiple_of(PAGE);
        let length = (block.addr() + size - start) / PAGE * PAGE;
        // SAFETY: these pages are within the block, which is ours. If the request is refused nothing has changed.
        unsafe { libc::madvise(block.with_addr(start).cast(), length, libc::MADV_HUGEPAGE) };
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of all sizes around the large ones hold what is written to them, begin as zeros and keep it when they grow.
    #[test]
    fn blocks_hold_what_is_written() {
        for size in [1, LARGE - 1, LARGE, LARGE + 1, 3 * LARGE + 12_345] {
            for align in [1, 8, 64, 4096] {
                let layout = Layout::from_size_align(size, align).unwrap_or_else(|_| unreachable!());
                // SAFETY: sizes are not 0; blocks are used within their size and given back once, with their layout.
                unsafe {
                    let zeros = HugePages.alloc_zeroed(layout);
                    assert_eq!(zeros.addr() % align, 0);
                    assert!(std::slice::from_raw_parts(zeros, size).iter().all(|&byte| byte == 0));
                    zeros.write_bytes(7, size);
                    let grown = HugePages.realloc(zeros, layout, 2 * size);
                    assert!(std::slice::from_raw_parts(grown, size).iter().all(|&byte| byte == 7));
                    HugePages.dealloc(grown, Layout::from_size_align_unchecked(2 * size, align));
                    let block = HugePages.alloc(layout);
                    block.write_bytes(9, size);
                    HugePages.dealloc(block, layout);
                }
            }
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_cannot_be_had_is_null() {
        let layout =
            Layout::from_size_align(isize::MAX as usize - 4096, 1).unwrap_or_else(|_| unreachable!());
        // SAFETY: the size is not 0.
        assert!(unsafe { HugePages.alloc(layout) }.is_null());
    }
}
