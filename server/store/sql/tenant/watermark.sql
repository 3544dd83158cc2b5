select coalesce(max(mark), 0) from watermark
