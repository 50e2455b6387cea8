package ecs

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/ebb-node/ebb/alicloud"
)

// NetworkInterface is an elastic network interface that is in use.
type NetworkInterface struct {
	ID         string   // eni-...
	InstanceID string   // what it is attached to
	PrivateIPs []string // primary and secondary addresses
}

// The bounds of a call
// (https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaces).
const (
	addressesPerCall = 100
	interfacesPage   = 100
)

// NetworkInterfacesByAddress finds the interfaces in use that have one of the
// private addresses, in one call for each hundred of them. An address that no
// interface has is no error. With a VPC's id only its interfaces count, since
// other VPCs may use the same addresses.
func (c *Client) NetworkInterfacesByAddress(ctx context.Context, vpc string, addresses []string) ([]NetworkInterface, error) {
	var out []NetworkInterface
	for batch := range slices.Chunk(addresses, addressesPerCall) {
		params := map[string]string{"Status": "InUse", "MaxResults": strconv.Itoa(interfacesPage)}
		if vpc != "" {
			params["VpcId"] = vpc
		}
		for i, address := range batch {
			params["PrivateIpAddress."+strconv.Itoa(i+1)] = address
		}
		found, err := c.networkInterfaces(ctx, params)
		if err != nil {
			return nil, fmt.Errorf("describe the network interfaces of %d addresses: %w", len(addresses), err)
		}
		out = append(out, found...)
	}
	return out, nil
}

// networkInterfaces reads all pages of an answer.
func (c *Client) networkInterfaces(ctx context.Context, params map[string]string) ([]NetworkInterface, error) {
	const action = "DescribeNetworkInterfaces"
	var out []NetworkInterface
	for {
		var a interfacesAnswer
		if err := c.call(ctx, action, params, &a); err != nil {
			return nil, err
		}
		for _, w := range a.NetworkInterfaceSets.NetworkInterfaceSet {
			out = append(out, w.networkInterface())
		}
		switch a.NextToken {
		case "":
			return out, nil
		case params["NextToken"]:
			return nil, &alicloud.Error{
				Product: product.Name, Action: action, Code: alicloud.CodeBadAnswer,
				Message: "the answer names itself as its next page",
			}
		}
		params["NextToken"] = a.NextToken
	}
}

type interfacesAnswer struct {
	NextToken            string
	NetworkInterfaceSets struct{ NetworkInterfaceSet []interfaceWire }
}

type interfaceWire struct {
	NetworkInterfaceId string
	InstanceId         string
	PrivateIpAddress   string
	PrivateIpSets      struct {
		PrivateIpSet []struct{ PrivateIpAddress string }
	}
}

func (w interfaceWire) networkInterface() NetworkInterface {
	n := NetworkInterface{ID: w.NetworkInterfaceId, InstanceID: w.InstanceId}
	if w.PrivateIpAddress != "" {
		n.PrivateIPs = append(n.PrivateIPs, w.PrivateIpAddress)
	}
	for _, ip := range w.PrivateIpSets.PrivateIpSet {
		if !slices.Contains(n.PrivateIPs, ip.PrivateIpAddress) {
			n.PrivateIPs = append(n.PrivateIPs, ip.PrivateIpAddress)
		}
	}
	return n
}
