package runc

const holderVariable = "MOCKCLOUD_TEST_HOLDER"

func hold() {}
