-- The seasons that have a page: those from :since to :until. What leads to a page asks one of the told_… tables whether it is there.
SELECT year AS season FROM seasons WHERE year BETWEEN :since AND :until
