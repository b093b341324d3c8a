"""Every benchmark, one after the other; each prints what it measures and what ought to hold."""

import cold_start
import fields_speed
import mirror
import tool_list

if __name__ == "__main__":
    for benchmark in (tool_list, cold_start, fields_speed, mirror):
        benchmark.main()
        print()
