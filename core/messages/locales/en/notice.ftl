## Results of forms, shown once on the next page

notice-label = Result
notice-arrived = The file was received. This is the result.
notice-unusable = The file was received, but it contained no usable data. The reasons are below.
notice-all-arrived = All files were received. They are marked in the list.
notice-replayed = The file was reprocessed. The new records replaced the old ones.
notice-replayed-nothing = Reprocessing the file gave no usable data, so nothing was changed. The reasons are below.
notice-run-voided = The run is voided. It is excluded from every figure.
notice-run-restored = The run is restored. It counts in every figure again.
notice-kind-set = The unit type is saved. Every figure is up to date.
notice-kind-left = The unit type is automatic again. Every figure is up to date.
notice-view-saved = The view is saved for everybody at this partner.
notice-view-name-taken = The view was not saved: there is another view with this name. Choose another name, or remove that view first.
notice-views-full = The view was not saved: a partner can have up to 100 views. Remove one that is not needed.
notice-view-removed = The view is removed.
