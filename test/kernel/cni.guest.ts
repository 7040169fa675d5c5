/** The tests of the CNI plugin that need a kernel with ipvlan: run by cni.test.js in user-mode Linux. */
import './cni/same.js'
import './cni/own.js'
import './cni/members.js'
import './cni/dhcp.js'
